import { flag, optional, path, repeated, text } from "@jumpstarter/lib/commands";
import { connect } from "@jumpstarter/lib/client";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand, CLOSE_TIME } from "@jumpstarter/lib/program";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
import { runChild } from "../shell/child.ts";
import { childEnvironment } from "../shell/environment.ts";
import { installLauncher } from "../shell/launcher.ts";
import { interactiveShell } from "../shell/prompt.ts";
import { WarmServer } from "../warm/server.ts";

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
    exporterLogs: flag("show what the exporter logs, not just warnings"),
  },
  grace: CLOSE_TIME,
  async run({ command, exporter, exporterConfig, exporterLogs }, io) {
    const [{ loadExporterFile }, { chosenFile, recordPrinter, serveLocal }] = await Promise.all([
      import("@jumpstarter/lib/config"),
      import("@jumpstarter/exporter"),
    ]);
    const path = await chosenFile({ exporter, exporterConfig }).catch(asUsage);
    const file = await loadExporterFile(path);
    for (const warning of file.warnings) await io.note(`warning: ${warning}`);
    const { motd } = file;
    await using served = await serveLocal(file, {
      log: recordPrinter(io, exporterLogs),
      ...(motd === undefined ? {} : { motd }),
    });
    await using board = await connect(parseEndpoint(served.socket));
    const warm = served.dir.file("j");
    await using _warmServer = new WarmServer(warm, board.tree);
    const bin = await installLauncher(served.dir, { warm, session: served.socket });
    const env = childEnvironment(served.socket, bin);
    if (command.length > 0) return await runChild(command, { env, signal: io.signal });
    await io.print(greeting(file.name, served.session.tree.root.children.keys(), motd));
    const { argv, env: prompt } = await interactiveShell("local", served.dir.path);
    return await runChild(argv, { env: { ...env, ...prompt }, signal: io.signal, isShell: true });
  },
});

/** An exporter that is not there is a slip in the command line, as with the peer. */
function asUsage(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  throw new UsageError(
    `${error.message}. Specify one of: --exporter NAME, --exporter-config FILE`,
    { cause: error },
  );
}

function greeting(name: string, children: Iterable<string>, motd: string | undefined): string {
  const hint = "(j with no argument shows the tree)";
  const line = `${name} · ${[...children].join(", ")}        ${hint}`;
  return motd ? `${motd.trimEnd()}\n${line}` : line;
}
