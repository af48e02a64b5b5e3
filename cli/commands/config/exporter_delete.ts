import { deleteExporter } from "@jumpstarter/lib/config";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { pathOption } from "@jumpstarter/lib/program/output";
import { alias } from "./alias.ts";

/** `jmp config exporter delete`. */
export const remove: CliCommand = cliCommand({
  does: "Delete the file of an exporter",
  arguments: { alias },
  options: { output: pathOption },
  async run({ alias, output }, io) {
    const { path, uncovered } = await deleteExporter(alias);
    if (uncovered !== undefined) {
      await io.note(`warning: exporter "${alias}" now means the system's file ${uncovered}`);
    }
    if (output === "path") await io.print(path);
  },
});
