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
    router: {
      does: "Run a router alone, with the file that its controller made for it",
      load: async () => (await import("./router_command.ts")).routerCommand,
    },
    "router-file": {
      does: "Make the file with which a router elsewhere runs",
      load: async () => (await import("./router_file_command.ts")).routerFileCommand,
    },
    backup: {
      does: "Copy a lab into a new folder, keys included; its controller may go on",
      load: async () => (await import("./backup_command.ts")).backupCommand,
    },
    restore: {
      does: "Put a backup into the folder of a lab; the store there is kept beside it",
      load: async () => (await import("./backup_command.ts")).restoreCommand,
    },
  },
};

if (import.meta.main) Deno.exit(await runProgram(program, Deno.args));
