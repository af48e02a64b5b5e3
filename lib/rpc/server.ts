import * as net from "node:net";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import * as grpc from "@grpc/grpc-js";
import type { Codec, Init, Method } from "@jumpstarter/proto";
import type { Endpoint } from "./endpoint.ts";
import { type Guard, type Handlers, toGrpcHandler } from "./handler.ts";
import { asBuffer } from "./buffer.ts";
import { CLOSE_GRACE, HANDSHAKE_TIMEOUT, MAX_CONNECTIONS, SILENCE } from "./limits.ts";
import { isTrial, ListeningSocket } from "./listening_socket.ts";
import { Watchman } from "./watchman.ts";
import { widenConnections, widenStreams } from "./windows.ts";

/** A certificate and its key, PEM. */
export interface TlsIdentity {
  /** The certificate, and those above it. */
  cert: string;
  /** Its private key; never logged. */
  key: string;
}

/** Options of an {@linkcode RpcServer}. */
export interface RpcServerOptions {
  /** Looks at every call before its handler. */
  guard?: Guard;
  /** Told each time the last connection has ended. */
  onIdle?: () => void;
  /** Pings idle clients, and drops those that do not answer: for what may vanish in a network. */
  pingsClients?: boolean;
}

/** Options of {@linkcode RpcServer.listen}. */
export interface ListenOptions {
  /** Speaks TLS; plaintext without it. */
  tls?: TlsIdentity;
}

/** A gRPC server over any number of sockets and injected streams. */
export class RpcServer implements AsyncDisposable {
  #server: grpc.Server;
  #injector: ReturnType<grpc.Server["createConnectionInjector"]>;
  #listeners: { server: net.Server; socket: ListeningSocket }[] = [];
  #connections = new Set<Duplex>();
  /** Of the listeners: also those that have not shaken hands, and so are no connections yet. */
  #sockets = new Set<net.Socket>();
  #left = new EventTarget();
  #guard: Guard | undefined;
  #onIdle: () => void;
  #isClosed = false;
  #watchman: Watchman | undefined;

  constructor({ guard, onIdle = () => {}, pingsClients = false }: RpcServerOptions = {}) {
    this.#guard = guard;
    this.#onIdle = onIdle;
    // Nobody asks for channelz, which keeps books of every connection and call.
    this.#server = new grpc.Server({ "grpc.enable_channelz": 0 });
    widenStreams(this.#server);
    this.#injector = this.#server.createConnectionInjector(
      grpc.ServerCredentials.createInsecure(),
    );
    this.#watchman = pingsClients ? new Watchman(SILENCE) : undefined;
    widenConnections(this.#server, (session) => this.#watchman?.watch(session));
  }

  /** Adds a service: a table of methods and a handler for each. */
  // deno-lint-ignore no-explicit-any -- a service holds methods of all message types
  add<Service extends Record<string, Method<any, any, boolean, boolean> | string>>(
    service: Service,
    handlers: Handlers<Service>,
  ): void {
    const definition: Record<string, grpc.MethodDefinition<unknown, unknown>> = {};
    const implementation: Record<string, grpc.UntypedHandleCall> = {};
    for (const [name, method] of Object.entries(service)) {
      if (typeof method === "string") continue;
      definition[name] = methodDefinition(method);
      const handler = (handlers as Record<string, unknown>)[name];
      if (handler !== undefined) {
        implementation[name] = toGrpcHandler(method, handler as never, this.#guard);
      }
    }
    this.#server.addService(definition, implementation);
  }

  /** Listens on a Unix socket or a TCP port; the endpoint that came of it (port 0: any). */
  async listen(endpoint: Endpoint, options: ListenOptions = {}): Promise<Endpoint> {
    const take = (socket: net.Socket) =>
      void (isTrial(socket) ? socket.destroy() : this.inject(socket));
    const server = options.tls === undefined
      ? net.createServer({ noDelay: true }, take)
      : tls.createServer({
        ...options.tls,
        ALPNProtocols: ["h2"],
        noDelay: true,
        handshakeTimeout: HANDSHAKE_TIMEOUT,
      }, take);
    server.maxConnections = MAX_CONNECTIONS;
    server.on("connection", (socket: net.Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    const socket = await ListeningSocket.open(server, endpoint);
    this.#listeners.push({ server, socket });
    return socket.endpoint;
  }

  /** Shows another certificate from the next connection on, where TLS is spoken. */
  useIdentity(identity: TlsIdentity): void {
    for (const { server } of this.#listeners) {
      if (server instanceof tls.Server) server.setSecureContext({ ...identity });
    }
  }

  /** Serves one more connection, whatever carries it. */
  inject(connection: Duplex): void {
    if (this.#isClosed) return void connection.destroy();
    this.#connections.add(connection);
    connection.on("close", () => {
      this.#connections.delete(connection);
      this.#left.dispatchEvent(new Event("left"));
      if (this.#connections.size === 0) this.#onIdle();
    });
    // A peer that vanishes is no failure of the server; its calls are cancelled.
    connection.on("error", () => connection.destroy());
    this.#injector.injectConnection(connection as net.Socket);
  }

  /** Resolves as soon as nobody is connected, or once the signal is aborted. */
  async idle(signal?: AbortSignal): Promise<void> {
    while (this.#connections.size > 0 && !signal?.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const once = { once: true };
      this.#left.addEventListener("left", () => resolve(), once);
      signal?.addEventListener("abort", () => resolve(), once);
      await promise;
    }
  }

  /** Stops listening, lets open calls end within a second, then cuts every connection. */
  async close(grace: number = CLOSE_GRACE): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const closed = this.#listeners.map(({ socket }) => socket.close());
    const ended = [...this.#connections].map((connection) =>
      new Promise<void>((resolve) => connection.once("close", () => resolve()))
    );
    this.#injector.destroy();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, grace));
    await Promise.race([Promise.all(ended), late]);
    clearTimeout(timer);
    this.#server.forceShutdown();
    this.#watchman?.[Symbol.dispose]();
    for (const connection of [...this.#connections, ...this.#sockets]) connection.destroy();
    await Promise.all(closed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function methodDefinition(
  method: Method<unknown, unknown, boolean, boolean>,
): grpc.MethodDefinition<unknown, unknown> {
  const encode = (codec: Codec<unknown>) => (value: unknown) =>
    asBuffer(codec.encode(value as Init<unknown>));
  return {
    path: method.path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: encode(method.request),
    requestDeserialize: (bytes) => method.request.decode(bytes),
    responseSerialize: encode(method.response),
    responseDeserialize: (bytes) => method.response.decode(bytes),
  };
}
