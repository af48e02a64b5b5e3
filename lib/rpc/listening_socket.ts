import * as net from "node:net";
import { JumpstarterError } from "../errors.ts";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";

/** How long a socket may take nobody before it is tried, ms. */
const QUIET = 10_000;
/** How long it may take to take the connection that tries it, ms. */
const PATIENCE = 5_000;
/** Where connections that try a socket come from: an address of this machine that nobody uses. */
const TRIAL_ADDRESS = "127.74.77.80";

const NO_SUCH_ADDRESS = "this machine has no such address";
/** What to do about an address that cannot be listened on, by the system's code. */
const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: "the address is in use; end what listens there, or choose another",
  EADDRNOTAVAIL: NO_SUCH_ADDRESS,
  EINVAL: NO_SUCH_ADDRESS, // as Deno has it
  EACCES: "the system does not allow it; ports below 1024 are for the superuser",
  ENOTFOUND: "the name leads nowhere",
};

/**
 * A server that listens, until it is closed. Deno takes no more connections of a listening socket once
 * the process had no file descriptor left for one, and tells nobody. So a socket that has taken nobody
 * for a while is tried, and opened anew where nothing comes of that; connections stay.
 */
export class ListeningSocket<At extends Endpoint = Endpoint> {
  /** Where it listens, with the port that came of port 0. */
  readonly endpoint: At;
  readonly #server: net.Server;
  readonly #round: ReturnType<typeof setInterval> | undefined;
  /** Whether it has taken a connection since it was looked at. */
  #isHeard = true;
  #heard: () => void = () => {};
  #isTried = false;

  private constructor(server: net.Server, endpoint: At, quiet: number) {
    this.#server = server;
    this.endpoint = boundEndpoint(server, endpoint);
    server.on("error", () => {}); // it is opened anew in the next round
    const host = this.#trialHost();
    if (host === undefined) return;
    const hear = () => {
      this.#isHeard = true;
      this.#heard();
    };
    server.on("connection", hear);
    server.on("drop", hear);
    this.#round = setInterval(() => void this.#look(host), quiet);
  }

  /**
   * Starts a server to listen.
   *
   * @throws {JumpstarterError} when the address cannot be had, and why
   */
  static async open<At extends Endpoint>(
    server: net.Server,
    endpoint: At,
    quiet: number = QUIET,
  ): Promise<ListeningSocket<At>> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const refuse = (cause: NodeJS.ErrnoException) => {
      const why = ADVICE[cause.code ?? ""] ?? cause.message;
      const text = `cannot listen on ${formatEndpoint(endpoint)}: ${why}`;
      reject(new JumpstarterError("listen", text, { cause }));
    };
    server.once("error", refuse);
    listen(server, endpoint, resolve);
    await promise;
    server.off("error", refuse);
    return new ListeningSocket(server, endpoint, quiet);
  }

  /** Takes no more connections; settles when those that are there have ended. */
  close(): Promise<void> {
    clearInterval(this.#round);
    this.#heard();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Where to try it: only from an IPv4 address can a trial be told from a client. */
  #trialHost(): string | undefined {
    const address = this.#server.address();
    if (this.endpoint.kind !== "tcp" || address === null || typeof address === "string") return;
    if (address.address === "::" || address.address === "0.0.0.0") return "127.0.0.1";
    return net.isIPv4(address.address) ? address.address : undefined;
  }

  async #look(host: string): Promise<void> {
    if (this.#isTried) return;
    if (this.#isHeard) return void (this.#isHeard = false);
    this.#isTried = true;
    if (!await this.#try(host)) {
      this.#server.close();
      listen(this.#server, this.endpoint);
    }
    this.#isTried = false;
  }

  /** Whether it takes a connection. */
  async #try(host: string): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#heard = () => resolve(true);
    const port = this.endpoint.kind === "tcp" ? this.endpoint.port : 0;
    const trial = net.connect({ host, port, localAddress: TRIAL_ADDRESS });
    // Without a descriptor for the trial, or its address, nothing can be said yet.
    trial.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED"));
    const late = setTimeout(() => setImmediate(() => resolve(false)), PATIENCE);
    const isHeard = await promise;
    clearTimeout(late);
    trial.destroy();
    return isHeard;
  }
}

/** Whether a connection only tries a {@linkcode ListeningSocket}: it is nobody. */
export function isTrial({ remoteAddress }: net.Socket): boolean {
  return remoteAddress === TRIAL_ADDRESS || remoteAddress === `::ffff:${TRIAL_ADDRESS}`;
}

function listen(server: net.Server, endpoint: Endpoint, listening?: () => void): void {
  if (endpoint.kind === "unix") server.listen(endpoint.path, listening);
  else server.listen(endpoint.port, endpoint.hostname, listening);
}

function boundEndpoint<At extends Endpoint>(server: net.Server, endpoint: At): At {
  const address = server.address();
  const isPort = endpoint.kind === "tcp" && address !== null && typeof address === "object";
  return isPort ? { ...endpoint, port: address.port } : endpoint;
}
