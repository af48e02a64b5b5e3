import { flag, optional, path, text } from "@jumpstarter/lib/commands";
import { UsageError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand, CLOSE_TIME, EXIT } from "@jumpstarter/lib/program";
import { chosenFile } from "./chosen_file.ts";
import { serveLocal } from "./local.ts";
import { recordPrinter } from "./record_line.ts";
import { removeStaleSocket } from "./stale_socket.ts";

/** `jmp-exporter run`. */
export const runExporter: CliCommand = cliCommand({
  does: "Serve the drivers of an exporter file until told to end",
  options: {
    exporter: optional(text("serve the exporter of this name", "NAME")),
    exporterConfig: optional(path("serve the exporter of this file")),
    socket: optional(text("serve on this Unix socket; JUMPSTARTER_HOST is its path", "PATH")),
    quiet: flag("log warnings only", "q"),
  },
  grace: CLOSE_TIME,
  cancelled: EXIT.OK,
  async run({ exporter, exporterConfig, socket, quiet }, io) {
    const { loadExporterFile } = await import("@jumpstarter/lib/config");
    if (socket === undefined) {
      throw new UsageError(
        "give --socket PATH; serving over TCP and registering at a controller are not there yet",
      );
    }
    const file = await loadExporterFile(await chosenFile({ exporter, exporterConfig }));
    for (const warning of file.warnings) await io.note(`warning: ${warning}`);
    await removeStaleSocket(socket);
    await using _served = await serveLocal(file, {
      socket,
      ...(file.motd === undefined ? {} : { motd: file.motd }),
      log: recordPrinter(io, !quiet),
    });
    await io.print(`JUMPSTARTER_HOST=${socket}`);
    await new Promise<void>((resolve) => {
      io.signal.addEventListener("abort", () => resolve(), { once: true });
      // The signal may have come while the session was starting.
      if (io.signal.aborted) resolve();
    });
    return 0;
  },
});
