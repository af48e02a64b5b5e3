import { choice } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { scripts } from "../complete/scripts.ts";

/** `jmp completion`. */
export const completion: CliCommand = cliCommand({
  does: "Print a script that completes jmp and j in a shell",
  arguments: { shell: choice(["bash", "zsh", "fish"], "the shell that reads the script") },
  run: async ({ shell }, io) => await io.print(scripts[shell].trimEnd()),
});
