import { choice, path, text, withDefault } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { relative, resolve } from "node:path";
import { driverNames, refusal } from "./names.ts";
import { newFolder } from "./new_folder.ts";
import { runningClone, settings } from "./packages.ts";
import type { Template } from "./templates/template.ts";

/** What a driver can be started from. */
const kinds = {
  power: async () => (await import("./templates/power.ts")).power,
  stream: async () => (await import("./templates/stream.ts")).stream,
  plain: async () => (await import("./templates/plain.ts")).plain,
} as const satisfies Record<string, () => Promise<Template>>;

const KINDS = Object.keys(kinds) as (keyof typeof kinds)[];

/** `jmp driver new`. */
export const create: CliCommand = cliCommand({
  does: "Make the folder of a driver of your own, with its test",
  arguments: { name: text("name of the driver and its folder, for example usb-relay", "NAME") },
  options: {
    kind: withDefault(
      choice(KINDS, "what to start from: power to switch, a stream of bytes, or own methods"),
      "power",
    ),
    dir: withDefault({ ...path("folder that the new one goes into"), placeholder: "DIR" }, "."),
  },
  async run({ name, kind, dir }, io) {
    const names = driverNames(name);
    const template = await kinds[kind]();
    if (uses(template, names.className)) {
      throw refusal(name, `would be a class ${names.className}, a name in use; add a word`);
    }
    const folder = resolve(io.cwd, dir, name);
    await newFolder(folder, { "deno.json": settings(runningClone()), ...template(names) });
    const shown = relative(io.cwd, folder);
    await io.print(
      `${shown} is there. Try it:\n  cd ${shown}\n  deno task test\n` +
        `  deno task jmp shell --exporter-config board.yaml -- j ${names.key} --help`,
    );
  },
});

/** Whether the code of a template has a name of its own accord. */
function uses(template: Template, name: string): boolean {
  const code = template({ name: "", className: "", key: "" })["driver.ts"] ?? "";
  return new RegExp(`\\b${name}\\b`).test(code);
}
