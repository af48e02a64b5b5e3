import { ConnectionError, UsageError } from "../errors.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../rpc/endpoint.ts";
import { type Access, channelOptions } from "./access.ts";
import type { AllowList } from "./allow_list.ts";
import type { Board, Shape } from "./board.ts";
import { SessionConnection, UnreachableError } from "./connection.ts";
import { openBoard } from "./env.ts";
import { awaitReady } from "./readiness.ts";
import { trustedCertificates } from "./session_environment.ts";
import { StatusMonitor } from "./status_monitor.ts";

/** Milliseconds that an exporter has to answer the first call. */
const ANSWER_TIME = 10_000;

/** Where an exporter in the network is. */
export type NetworkEndpoint = Endpoint & { kind: "tcp" };

/** Options of {@linkcode dial}. */
export interface DialOptions extends Access {
  /** Milliseconds for the exporter to answer; 10 s by default. */
  timeout?: number;
  /** Gives the connecting, or the waiting, up. */
  signal?: AbortSignal;
}

/** Options of {@linkcode direct}. */
export interface DirectOptions extends DialOptions {
  /** Milliseconds for the exporter to prepare the board; 300 s by default. */
  readyTimeout?: number;
  /** Driver clients that may be used; all by default. */
  allowed?: AllowList;
  /** Told of a hook that has failed without consequences; by default a warning on the console. */
  onWarning?: (warning: string) => void;
}

/**
 * Opens the board of an exporter in the network, `HOST:PORT`, that serves without a controller. It
 * is spoken to with TLS, unless `insecure` says otherwise; trusted are the certificates of `ca`, or
 * else those of the file that `GRPC_DEFAULT_SSL_ROOTS_FILE_PATH` or `SSL_CERT_FILE` names, or else
 * Deno's. Waits until the exporter has prepared the board.
 *
 * Fails with `ConnectionError` when nobody answers or the passphrase is wrong,
 * `ExporterNotReadyError` when the board cannot be prepared, `ShapeError` when it does not fit the
 * shape.
 *
 * ```ts ignore
 * import { direct } from "@jumpstarter/lib/client";
 * import { PowerClient } from "@jumpstarter/drivers/clients";
 *
 * await using board = await direct("bench-07.lab:8082", { power: PowerClient });
 * await board.power.cycle();
 * ```
 */
export async function direct<S extends Shape = Record<never, never>>(
  endpoint: string,
  shape?: S,
  { readyTimeout, allowed, onWarning = console.warn, ...options }: DirectOptions = {},
): Promise<Board<S>> {
  const target = networkEndpoint(endpoint);
  const { signal } = options;
  const connection = await dial(target, options);
  try {
    using monitor = new StatusMonitor(connection);
    const warning = await awaitReady(monitor, {
      ...(readyTimeout === undefined ? {} : { timeout: readyTimeout }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (warning !== undefined) onWarning(warning);
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
  return await openBoard(connection, shape, {
    ...(allowed === undefined ? {} : { allowed }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Reads `HOST:PORT`; fails with `UsageError`. */
export function networkEndpoint(text: string): NetworkEndpoint {
  const endpoint = text === "" ? undefined : parseEndpoint(text);
  if (endpoint?.kind === "tcp") return endpoint;
  throw new UsageError(`"${text}" is not HOST:PORT with a port from 1 to 65535`);
}

/** Connects to an exporter in the network; fails with an error that says what to try. */
export async function dial(
  endpoint: NetworkEndpoint,
  { timeout = ANSWER_TIME, signal, ...access }: DialOptions = {},
): Promise<SessionConnection> {
  const { insecure = false, ca = insecure ? undefined : await trustedCertificates() } = access;
  const trusted = { ...access, ...(ca === undefined ? {} : { ca }) };
  const connection = new SessionConnection(endpoint, channelOptions(endpoint, trusted));
  try {
    await connection.greet({ timeout, ...(signal === undefined ? {} : { signal }) });
    return connection;
  } catch (error) {
    connection[Symbol.dispose]();
    if (!(error instanceof UnreachableError) || signal?.aborted) throw error;
    const advice = await adviceFor(endpoint, { insecure, ca });
    throw new ConnectionError(
      `Exporter did not respond to initial connection (Caused by: ${error.reason}); ${advice}`,
      { cause: error },
    );
  }
}

/** What to try when an exporter cannot be reached. */
async function adviceFor(
  endpoint: NetworkEndpoint,
  { insecure, ca }: { insecure: boolean; ca: string | undefined },
): Promise<string> {
  const { peerSpeech } = await import("./peer_speech.ts");
  const speech = await peerSpeech(endpoint, ca);
  if (speech?.isTls && insecure) {
    return "it speaks TLS: leave --tls-grpc-insecure out (in a script: insecure)";
  }
  if (speech?.isTls === false && !insecure) {
    return "it does not speak TLS: --tls-grpc-insecure (in a script: insecure) speaks plaintext";
  }
  const where = formatEndpoint(endpoint);
  return speech?.fault ?? `is an exporter running at ${where}, and reachable from here?`;
}
