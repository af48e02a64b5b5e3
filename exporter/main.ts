/**
 * `jmp-exporter`: an exporter alone, beside the device.
 *
 * @module
 */
import { logOptions, type Program, runProgram } from "@jumpstarter/lib/program";

const program: Program = {
  name: "jmp-exporter",
  does: "Serves the drivers of an exporter file",
  options: logOptions,
  commands: {
    run: {
      does: "Serve the drivers of an exporter file until told to end",
      load: async () => (await import("./run_command.ts")).runCommand(),
    },
  },
};

if (import.meta.main) Deno.exit(await runProgram(program, Deno.args));
