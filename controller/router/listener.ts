import { performServerHandshake, type ServerHttp2Session } from "node:http2";
import * as net from "node:net";
import * as tls from "node:tls";
import type { Duplex } from "node:stream";
import {
  type Endpoint,
  isTrial,
  ListeningSocket,
  type TlsIdentity,
  WINDOW_SIZE,
} from "@jumpstarter/lib/rpc";
import type { RouterLimits } from "./limits.ts";

/** Listens for HTTP/2 connections, in TLS or plain. */
export class Listener implements AsyncDisposable {
  #server: net.Server | tls.Server;
  #socket: ListeningSocket;
  #sockets = new Set<net.Socket>();

  private constructor(server: net.Server, socket: ListeningSocket, limits: RouterLimits) {
    this.#server = server;
    this.#socket = socket;
    // Before TLS: what does not finish its handshake counts too.
    server.on("connection", (socket: net.Socket) => {
      if (this.#sockets.size >= limits.connections) return void socket.destroy();
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    });
  }

  /** Starts to listen; `take` is given each connection. */
  static async listen(
    endpoint: Endpoint,
    identity: TlsIdentity | undefined,
    limits: RouterLimits,
    take: (session: ServerHttp2Session, socket: net.Socket) => void,
  ): Promise<Listener> {
    const shake = (socket: net.Socket) => {
      if (isTrial(socket)) return void socket.destroy();
      socket.on("error", () => socket.destroy()); // a peer that is gone is no fault of ours
      take(performServerHandshake(socket as Duplex, sessionOptions(limits)), socket);
    };
    const server = identity === undefined ? net.createServer({ noDelay: true }, shake) : tls
      .createServer({
        ...identity,
        ALPNProtocols: ["h2"],
        noDelay: true,
        handshakeTimeout: limits.handshakeTime,
      }, (socket) => {
        // Some only come to see the certificate; they finish the handshake, and need no more.
        if (socket.alpnProtocol === "h2") shake(socket);
        else socket.destroy();
      });
    return new Listener(server, await ListeningSocket.open(server, endpoint), limits);
  }

  /** How many connections there are, before and after their handshake. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Where it listens, with the port that came of port 0. */
  get endpoint(): Endpoint {
    return this.#socket.endpoint;
  }

  /** Shows another certificate from the next connection on. */
  useIdentity(identity: TlsIdentity): void {
    if (this.#server instanceof tls.Server) this.#server.setSecureContext({ ...identity });
  }

  /** Takes no more connections; those that are there stay. */
  stop(): void {
    void this.#socket.close();
  }

  /** Closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.#sockets].map((socket) =>
      new Promise<void>((resolve) => socket.once("close", () => resolve()))
    );
    this.stop();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }
}

function sessionOptions(limits: RouterLimits): Parameters<typeof performServerHandshake>[1] {
  return {
    settings: {
      initialWindowSize: WINDOW_SIZE,
      maxHeaderListSize: limits.headerBytes,
      maxConcurrentStreams: limits.streamsPerConnection,
      // A frame is a walk through JavaScript: larger ones cost a third less.
      maxFrameSize: 262_144,
    },
  };
}
