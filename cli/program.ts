import type { CommandGroup, Program } from "@jumpstarter/lib/program";
import { admin } from "./commands/admin/mod.ts";

const config: CommandGroup = {
  does: "Manage configuration files",
  commands: {
    exporter: {
      does: "Manage the files of exporters",
      commands: {
        create: {
          does: "Write the file of a new exporter",
          load: async () => (await import("./commands/config/exporter_create.ts")).create,
        },
        list: {
          does: "List the exporters that have a file",
          load: async () => (await import("./commands/config/exporter_list.ts")).list,
        },
        edit: {
          does: "Open the file of an exporter in an editor",
          load: async () => (await import("./commands/config/exporter_edit.ts")).edit,
        },
        delete: {
          does: "Delete the file of an exporter",
          load: async () => (await import("./commands/config/exporter_delete.ts")).remove,
        },
      },
    },
  },
};

const version = {
  does: "Show the version",
  load: async () => (await import("./commands/version.ts")).version,
};

const program: Program = {
  name: "jmp",
  does: "Controls devices under test: power, console, storage, network",
  isAliased: true,
  commands: {
    shell: {
      does: "Open a shell, or run a command, with a board at hand",
      load: async () => (await import("./commands/shell.ts")).shell,
    },
    run: {
      does: "Serve the drivers of an exporter file until told to end",
      load: async () => (await import("./commands/run.ts")).run,
    },
    admin,
    config,
    driver: {
      does: "List drivers, and start new ones",
      isAliased: true,
      commands: {
        list: {
          does: "List the drivers that an exporter file can name",
          load: async () => (await import("./commands/driver/list.ts")).list,
        },
        new: {
          does: "Make the folder of a driver of your own, with its test",
          load: async () => (await import("./commands/driver/new.ts")).create,
        },
        version,
      },
    },
    completion: {
      does: "Print a script that completes jmp and j in a shell",
      load: async () => (await import("./commands/completion.ts")).completion,
    },
    version,
  },
  others: { j: "Run a command of a driver; inside a shell also just j" },
};

/** Runs `jmp` with its arguments; the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  // `j` loads nothing of the rest: it is typed again and again, and scripts call it in loops.
  if (first === "j") return await (await import("./j/main.ts")).main(rest);
  if (first === "launch-j") return await (await import("./warm/launcher.ts")).launch(rest);
  const { logOptions, runProgram } = await import("@jumpstarter/lib/program");
  const whole = { ...program, options: logOptions };
  if (first === "complete") return await (await import("./complete/main.ts")).main(whole, rest);
  return await runProgram(whole, args);
}
