import { choice, optional } from "@jumpstarter/lib/commands";
import config from "../deno.json" with { type: "json" };
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";

/** `jmp version`. */
export const version: CliCommand = cliCommand({
  does: "Show the version",
  options: { output: optional(choice(["json", "yaml", "name"], "format of the output", "o")) },
  async run({ output }, io) {
    const facts = { gitVersion: `v${config.version}`, denoVersion: Deno.version.deno };
    await io.print(formats[output ?? "name"](facts));
  },
});

type Facts = Record<string, string>;

const formats: Record<"json" | "yaml" | "name", (facts: Facts) => string> = {
  json: (facts) => JSON.stringify(facts, null, 4),
  yaml: (facts) => Object.entries(facts).map(([key, value]) => `${key}: ${value}`).join("\n"),
  name: ({ gitVersion, denoVersion }) => `Jumpstarter ${gitVersion} (Deno ${denoVersion})`,
};
