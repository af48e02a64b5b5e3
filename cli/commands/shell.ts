import { flag, optional, path, repeated, text } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand, CLOSE_TIME } from "@jumpstarter/lib/program";
import { runBoardShell } from "../shell/board_shell.ts";
import { chosenTarget, directOptions } from "../shell/direct_options.ts";

/** `jmp shell`. */
export const shell: CliCommand = cliCommand({
  does: "Open a shell, or run a command, with a board at hand",
  arguments: {
    command: repeated(text("what to run; without it, an interactive shell", "COMMAND")),
  },
  options: {
    exporter: optional({
      ...text("start the exporter of this name on this machine", "NAME"),
      suggests: "exporters",
    }),
    exporterConfig: optional(path("start the exporter of this file on this machine")),
    ...directOptions,
    exporterLogs: flag("show all that the exporter logs"),
  },
  grace: CLOSE_TIME,
  async run({ command, exporter, exporterConfig, exporterLogs: showsAll, ...direct }, io) {
    const target = await chosenTarget(direct);
    if (target !== undefined && (exporter ?? exporterConfig) !== undefined) {
      throw new UsageError("--tls-grpc excludes --exporter and --exporter-config");
    }
    await using board = target === undefined
      ? await (await import("../shell/local.ts")).openLocal(
        { exporter, exporterConfig, showsAll },
        io,
      )
      : await (await import("../shell/direct.ts")).openDirect(target, showsAll, io);
    return await runBoardShell(board, command, io);
  },
});
