/**
 * The command that runs a controller.
 *
 * @module
 */
import { isIP } from "node:net";
import { optional, path, text, withDefault } from "@jumpstarter/lib/commands";
import { ConfigError, UsageError } from "@jumpstarter/lib/errors";
import { aborted, type CliCommand, cliCommand, EXIT, logOptions } from "@jumpstarter/lib/program";
import type { ControllerOptions, ListenAddress, RunningController } from "./services/mod.ts";

/** What a controller has to end after a signal, in ms: open calls get a second. */
const CLOSE_TIME = 5_000;

/** `jmp-controller run`. */
export function runCommand(): CliCommand {
  return cliCommand({
    does: "Serve a lab out of a folder until told to end",
    options: {
      data: optional(path("the folder with store, certificates and keys; made when missing")),
      listen: withDefault(
        text("where clients and exporters are served; port 0 is any", "HOST:PORT"),
        "0.0.0.0:8082",
      ),
      routerListen: withDefault(
        text("where their tunnels meet; port 0 is any", "HOST:PORT"),
        "0.0.0.0:8083",
      ),
      host: optional(
        text("the name or address by which they find this machine; this host's name", "HOST"),
      ),
      adminListen: withDefault(
        text("where it is administered, with DIR/kubeconfig; port 0 is any", "HOST:PORT"),
        "127.0.0.1:8084",
      ),
      namespace: withDefault(text("the namespace of all objects", "NAMESPACE"), "default"),
      ...logOptions,
    },
    grace: CLOSE_TIME,
    cancelled: EXIT.OK,
    async run(values, io) {
      const { data, namespace, logFormat, logLevel } = values;
      if (data === undefined) {
        throw new UsageError("--data is missing: name a folder to keep it in");
      }
      const listen = parseAddress("--listen", values.listen);
      const routerListen = parseAddress("--router-listen", values.routerListen);
      const adminListen = parseAddress("--admin-listen", values.adminListen);
      const host = values.host === undefined
        ? nameOf(listen) ?? Deno.hostname()
        : parseHost(values.host);
      const adminHost = nameOf(adminListen) ?? host;
      const { logWriter } = await import("./services/mod.ts");
      const { serveAdministration } = await import("./administration.ts");
      const log = logWriter({
        note: (line) => io.note(line),
        format: logFormat,
        level: logLevel,
      });
      await using controller = await serve({
        data,
        listen,
        routerListen,
        host,
        aliases: [adminHost],
        namespace,
        log,
      });
      await using administration = await serveAdministration(controller, {
        data,
        listen: adminListen,
        host: adminHost,
        namespace,
        log,
      });
      await io.print(`Endpoint: ${controller.endpoint}`);
      await io.print(`Router:   ${controller.routerEndpoint}`);
      await io.print(`CA:       ${controller.identity.caFile}`);
      await io.print(
        `Next:     KUBECONFIG=${administration.kubeconfig} jmp admin create exporter NAME`,
      );
      await Promise.race([aborted(io.signal), controller.failed]);
    },
  });
}

/** Serves a lab; what a store refuses has the status of an HTTP answer, which is none of a program. */
async function serve(options: ControllerOptions): Promise<RunningController> {
  const { serveController } = await import("./services/mod.ts");
  const { StoreError } = await import("./store/mod.ts");
  try {
    return await serveController(options);
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    throw new ConfigError(cause.message, { cause });
  }
}

/** The name or address that is listened on; `undefined` when that is all there are. */
function nameOf({ hostname }: Pick<ListenAddress, "hostname">): string | undefined {
  return ["0.0.0.0", "::"].includes(hostname) ? undefined : hostname;
}

function parseHost(host: string): string {
  const isHost = isIP(host) !== 0 || /^[\w-]+(\.[\w-]+)*$/.test(host);
  if (isHost && nameOf({ hostname: host }) !== undefined) return host;
  throw new UsageError(
    `--host: "${host}" is no name or address of a machine; write for example lab.example.com, ` +
      "without scheme and port",
  );
}

function parseAddress(option: string, text: string): ListenAddress {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new UsageError(`${option}: "${text}" is no HOST:PORT; write for example 0.0.0.0:8082`);
  }
  return { kind: "tcp", hostname: bracketed ?? (plain || "0.0.0.0"), port: Number(port) };
}
