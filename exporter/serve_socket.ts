import type { CommandIo } from "@jumpstarter/lib/commands";
import type { ExporterFile } from "@jumpstarter/lib/config";
import type { LogSink } from "@jumpstarter/lib/driver";
import { aborted } from "@jumpstarter/lib/program";
import { serveLocal } from "./local.ts";
import { removeStaleSocket } from "./stale_socket.ts";

/** Serves an exporter file on a Unix socket until told to end; hooks do not run. */
export async function serveSocket(
  { motd, ...plan }: ExporterFile,
  socket: string,
  log: LogSink,
  io: Pick<CommandIo, "print" | "signal">,
): Promise<number> {
  await removeStaleSocket(socket);
  await using _served = await serveLocal(plan, {
    socket,
    ...(motd === undefined ? {} : { motd }),
    log,
    signal: io.signal,
  });
  await io.print(`JUMPSTARTER_HOST=${socket}`);
  await aborted(io.signal);
  return 0;
}
