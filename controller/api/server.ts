/** The API on the network: HTTPS, and nothing else. */
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import {
  formatEndpoint,
  ListeningSocket,
  type TcpEndpoint,
  type TlsIdentity,
} from "@jumpstarter/lib/rpc";
import { apiHandler, type ApiOptions } from "./handler.ts";
import { answerWith } from "./node_http.ts";

/** The most connections at a time; the oldest stay. */
const MAX_CONNECTIONS = 1000;
/** The time a TLS handshake may take, and the head of a request, milliseconds. */
const HEAD_TIME = 10_000;
/** The time that answers have when the API ends, milliseconds. */
const END_TIME = 500;
/** How long a connection may idle between two requests, milliseconds. */
const IDLE_TIME = 120_000;

/** What {@linkcode ApiServer.listen} takes. */
export interface ApiServerOptions extends Omit<ApiOptions, "closing"> {
  /** Where to listen; port 0 takes a free one. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** The name or address by which it is found; `hostname` unless given. */
  readonly host?: string;
  /** The certificate to show, and its key. */
  readonly identity: TlsIdentity;
}

/**
 * Serves the administration API until it is disposed of.
 *
 * ```ts ignore
 * await using api = await ApiServer.listen({
 *   hostname: "127.0.0.1", port: 8443, identity, store, token,
 * });
 * await writeKubeconfig(`${dir}/kubeconfig`, { server: `https://${api.endpoint}`, ca, token });
 * ```
 */
export class ApiServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #socket: ListeningSocket<TcpEndpoint>;
  readonly #closing: AbortController = new AbortController();
  readonly #sockets: Set<Socket> = new Set();
  readonly #answers: Set<Promise<void>> = new Set();
  readonly #host: string;

  private constructor(
    { hostname, host = hostname, ...options }: ApiServerOptions,
    server: Server,
    socket: ListeningSocket<TcpEndpoint>,
  ) {
    this.#host = host;
    const handle = apiHandler({ ...options, closing: this.#closing.signal });
    this.#server = server;
    this.#socket = socket;
    this.#server.headersTimeout = HEAD_TIME;
    this.#server.keepAliveTimeout = IDLE_TIME;
    this.#server.on("request", (incoming, outgoing) => {
      const answered = answerWith(handle, incoming, outgoing).catch((error) => {
        options.onFault?.(error);
        outgoing.destroy();
      });
      this.#answers.add(answered);
      answered.finally(() => this.#answers.delete(answered));
    });
    // Before TLS: what does not finish its handshake counts too.
    this.#server.on("connection", (socket: Socket) => {
      if (this.#sockets.size >= MAX_CONNECTIONS) return void socket.destroy();
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy()); // a peer that is gone is no fault of ours
    });
  }

  /** Starts to listen; rejects when the address cannot be had. */
  static async listen(options: ApiServerOptions): Promise<ApiServer> {
    const { hostname, port, identity } = options;
    const server = createServer({ ...identity, handshakeTimeout: HEAD_TIME });
    const socket = await ListeningSocket.open(server, { kind: "tcp", hostname, port });
    return new ApiServer(options, server, socket);
  }

  /** Where it is found, `host:port`. */
  get endpoint(): string {
    return formatEndpoint({ ...this.#socket.endpoint, hostname: this.#host });
  }

  /** Shows another certificate from the next connection on. */
  useIdentity(identity: TlsIdentity): void {
    this.#server.setSecureContext({ ...identity });
  }

  /** Takes no more requests, ends watches as clients expect it, and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#socket.close();
    this.#closing.abort();
    // Watches end now, and what has begun is finished, but nobody is waited for long.
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, END_TIME);
    await Promise.race([Promise.all(this.#answers), late.promise]);
    clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
