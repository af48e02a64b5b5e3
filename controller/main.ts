/**
 * `jmp-controller`: controller and router of a lab in one process.
 *
 * @module
 */
import { logOptions, type Program, runProgram } from "@jumpstarter/lib/program";

const program: Program = {
  name: "jmp-controller",
  does: "Serves a lab: clients lease exporters, and reach them through its router",
  options: logOptions,
  commands: {
    run: {
      does: "Serve a lab out of a folder until told to end",
      load: async () => (await import("./run_command.ts")).runCommand(),
    },
  },
};

if (import.meta.main) Deno.exit(await runProgram(program, Deno.args));
