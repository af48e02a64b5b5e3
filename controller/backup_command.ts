import { path } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { resolve } from "node:path";

/** `jmp-controller backup`. */
export const backupCommand: CliCommand = cliCommand({
  does: "Copy a lab into a new folder, keys included; its controller may go on",
  arguments: {
    data: path("the folder of the lab"),
    target: path("the folder to make; whoever reads it can be the lab"),
  },
  async run({ data, target }, io) {
    const { backupLab } = await import("./backup.ts");
    await backupLab(resolve(io.cwd, data), resolve(io.cwd, target));
    await io.print(`${target} holds the lab of ${data}`);
  },
});

/** `jmp-controller restore`. */
export const restoreCommand: CliCommand = cliCommand({
  does: "Put a backup into the folder of a lab; the store there is kept beside it",
  arguments: {
    source: path("the folder with the backup"),
    data: path("the folder of the lab, which no controller serves"),
  },
  async run({ source, data }, io) {
    const { restoreLab } = await import("./backup.ts");
    await restoreLab(resolve(io.cwd, source), resolve(io.cwd, data));
    await io.print(
      `${data} is the lab of ${source}; serve it with: jmp-controller run --data ${data}`,
    );
  },
});
