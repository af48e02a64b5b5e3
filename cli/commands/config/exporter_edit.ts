import { findExporter, loadExporterFile } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { runChild } from "../../shell/child.ts";
import { alias } from "./alias.ts";

/** `jmp config exporter edit`. */
export const edit: CliCommand = cliCommand({
  does: "Open the file of an exporter in $VISUAL, else $EDITOR, else vi",
  arguments: { alias },
  leavesInterrupt: true,
  async run({ alias }, io) {
    const path = await findExporter(alias);
    const editor = Deno.env.get("VISUAL") || Deno.env.get("EDITOR") || "vi";
    // A shell reads the variable, which may hold options, as for every program that knows it.
    // What it traps is the editor's own again; untrapped, Ctrl-C there would be its status.
    const argv = ["sh", "-c", `trap : INT; ${editor} "$@"`, editor, path];
    const status = await runChild(argv, { env: Deno.env.toObject(), signal: io.signal });
    if (status === 0) await tellFaults(path, io.note);
    return status;
  },
});

/** What is written stays written; that it will not work is better told now than at the bench. */
async function tellFaults(path: string, note: (line: string) => Promise<void>): Promise<void> {
  try {
    for (const warning of (await loadExporterFile(path)).warnings) {
      await note(`warning: ${warning}`);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await note(`warning: ${error.message}`);
  }
}
