import { connect } from "@jumpstarter/lib/client";
import type { CommandIo } from "@jumpstarter/lib/commands";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
import type { ShellBoard } from "./board_shell.ts";

/** The exporter that is to be started, by its name or its file. */
export interface LocalTarget {
  readonly exporter: string | undefined;
  readonly exporterConfig: string | undefined;
  /** Whether all that it logs is shown, or warnings only. */
  readonly showsAll: boolean;
}

/** Starts an exporter on this machine and opens its board. */
export async function openLocal(target: LocalTarget, io: CommandIo): Promise<ShellBoard> {
  const [{ loadExporterFile }, { chosenFile, exporterLog, logStrays, serveLocal }] = await Promise
    .all([
      import("@jumpstarter/lib/config"),
      import("@jumpstarter/exporter"),
    ]);
  const file = await loadExporterFile(await chosenFile(target).catch(asUsage));
  for (const warning of file.warnings) await io.note(`warning: ${warning}`);
  const { name, motd = "" } = file;
  await using stack = new AsyncDisposableStack();
  const level = target.showsAll ? "INFO" : "WARNING";
  const log = stack.use(exporterLog({ io, format: "text", level }));
  const served = stack.use(await serveLocal(file, { log, motd, signal: io.signal }));
  stack.use(logStrays(served.session.log));
  const board = stack.use(await connect(parseEndpoint(served.socket)));
  const held = stack.move();
  return {
    tree: board.tree,
    name,
    motd,
    context: "local",
    dir: served.dir,
    host: served.socket,
    variables: {},
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** An exporter that is not there is a slip in the command line, as with the peer. */
function asUsage(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error;
  throw new UsageError(
    `${error.message}. Specify one of: --exporter / --exporter-config, or --tls-grpc HOST:PORT`,
    { cause: error },
  );
}
