import { dial, openBoard } from "@jumpstarter/lib/client";
import type { CommandIo } from "@jumpstarter/lib/commands";
import { formatEndpoint, SocketDir } from "@jumpstarter/lib/rpc";
import type { ShellBoard } from "./board_shell.ts";
import type { DirectTarget } from "./direct_options.ts";
import type { Variables } from "./environment.ts";
import { WatchedExporter } from "./watched_exporter.ts";

/** Connects to an exporter in the network, and opens its board as soon as it is ready. */
export async function openDirect(
  target: DirectTarget,
  showsAll: boolean,
  io: CommandIo,
): Promise<ShellBoard> {
  const { endpoint, access } = target;
  const { signal } = io;
  if (access.insecure && access.passphrase !== undefined) {
    await io.note("warning: without TLS the passphrase travels in plaintext");
  }
  await using stack = new AsyncDisposableStack();
  const [connection, { exporterLog }] = await Promise.all([
    dial(endpoint, { ...access, signal }),
    import("@jumpstarter/exporter"),
  ]);
  stack.use(connection);
  const openLog = (to: Pick<CommandIo, "note">) =>
    exporterLog({ io: to, format: "text", level: "INFO" });
  const exporter = stack.use(new WatchedExporter(connection, { io, showsAll, openLog }));
  await exporter.ready();
  const { tree, motd } = await openBoard(connection, {}, { signal });
  const dir = stack.use(await SocketDir.make());
  const host = formatEndpoint(endpoint);
  const held = stack.move();
  return {
    tree,
    name: connection.exporter || host,
    motd,
    context: "direct",
    dir,
    host,
    variables: variablesOf(target),
    gone: exporter.gone,
    settled: () => exporter.settled(),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

function variablesOf({ access, caFile }: DirectTarget): Variables {
  return {
    JMP_LEASE: "direct",
    JMP_EXPORTER: "direct",
    JMP_GRPC_INSECURE: access.insecure ? "1" : undefined,
    JUMPSTARTER_GRPC_INSECURE: undefined,
    JMP_GRPC_PASSPHRASE: access.passphrase,
    ...(caFile === undefined ? {} : { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile }),
  };
}
