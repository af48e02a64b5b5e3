/**
 * The command that runs an exporter, for the programs that have it.
 *
 * @module
 */
import { flag, optional, path, text } from "@jumpstarter/lib/commands";
import { Logger } from "@jumpstarter/lib/driver";
import { UsageError } from "@jumpstarter/lib/errors";
import {
  type CliCommand,
  cliCommand,
  CLOSE_TIME,
  EXIT,
  logOptions,
} from "@jumpstarter/lib/program";
import { formatEndpoint } from "@jumpstarter/lib/rpc";
import { systemReason } from "@jumpstarter/lib/streams";
import { chosenFile } from "./chosen_file.ts";
import { chosenListener, listenerOptions } from "./direct/listener.ts";
import type { HookTools } from "./direct/serve.ts";
import { logStrays } from "./strays.ts";
import { exporterLog } from "./log/exporter_log.ts";

export type { HookTools };

/** `jmp run`, and `jmp-exporter run`. */
export function runCommand(hookTools?: HookTools): CliCommand {
  return cliCommand({
    does: "Serve the drivers of an exporter file until told to end",
    options: {
      exporter: optional({
        ...text("serve the exporter of this name", "NAME"),
        suggests: "exporters",
      }),
      exporterConfig: optional(path("serve the exporter of this file")),
      ...listenerOptions,
      socket: optional(
        text("serve on this Unix socket, without hooks; JUMPSTARTER_HOST is its path", "PATH"),
      ),
      watch: flag("take the file anew when it changes, as soon as no client is connected"),
      exitOnLeaseEnd: flag("end after one lease; a listener has none, and goes on"),
      ...logOptions,
      quiet: flag("log warnings only: --log-level WARNING", "q"),
    },
    grace: CLOSE_TIME,
    cancelled: EXIT.OK,
    async run(values, io, ending) {
      const { exporter, exporterConfig, socket, watch, quiet, logFormat, logLevel } = values;
      const listener = await chosenListener(values);
      if ((listener === undefined) === (socket === undefined)) {
        throw new UsageError(
          "give one of --tls-grpc-listener [HOST:]PORT and --socket PATH; " +
            "registering at a controller is not there yet",
        );
      }
      if (watch && listener === undefined) throw new UsageError("--watch: only with a listener");
      const { loadExporterFile } = await import("@jumpstarter/lib/config");
      const file = await loadExporterFile(await chosenFile({ exporter, exporterConfig }));
      const context = { exporter: file.name, lease_id: "standalone" };
      await using log = exporterLog({
        io,
        format: logFormat,
        level: quiet ? "WARNING" : logLevel,
        context,
      });
      const own = new Logger({ name: "exporter", source: "system", sink: log });
      using _logged = logStrays(own);
      for (const warning of file.warnings) own.warning(warning);
      if (listener === undefined) {
        const unheard = Object.keys(file.hooks).join(", ");
        if (unheard !== "") own.warning(`with --socket no hooks run: not ${unheard}`);
        const { serveSocket } = await import("./serve_socket.ts");
        return await serveSocket(file, socket!, log, io);
      }
      if (listener.tls === undefined && listener.passphrase !== undefined) {
        own.warning("without TLS the passphrase travels in plaintext");
      }
      const direct = watch
        ? (await import("./direct/watched.ts")).serveWatched
        : (await import("./direct/serve.ts")).serveDirect;
      return await direct(file, {
        listener,
        log,
        signal: io.signal,
        ending,
        hookTools,
        onServing({ endpoint, name }) {
          context.exporter = name;
          // Clients come whether or not somebody reads where to.
          io.print(`JUMPSTARTER_HOST=${formatEndpoint(endpoint)}`).catch((error) =>
            own.warning(`cannot print the address: ${systemReason(error)}`)
          );
        },
      });
    },
  });
}
