import type { Socket } from "node:dgram";
import { ConnectionError } from "../errors.ts";
import { type ForwardServerOptions, report } from "./forward_server.ts";
import type { StreamSource } from "./stream_source.ts";
import { UdpPeer } from "./udp_peer.ts";

/** Milliseconds of silence in both directions after which a peer's stream is closed. */
const IDLE_TIMEOUT = 60_000;
/** Peers at a time. One more ends the one that has been silent for longest. */
const MAX_PEERS = 256;

/** Where a {@linkcode UdpForward} listens, and what it keeps open. */
export interface UdpForwardOptions extends ForwardServerOptions {
  /** Default `127.0.0.1`: this machine only. */
  hostname?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Milliseconds of silence after which a peer's stream is closed; default 60,000. */
  idleTimeout?: number;
  /** Peers at a time; default 256. One more ends the one that has been silent for longest. */
  maxPeers?: number;
}

/**
 * A UDP port of this machine that leads to a driver's byte stream. Whoever sends to it, by address
 * and port, gets a stream of its own; a datagram is a chunk of it, in both directions. Empty
 * datagrams are dropped, because a chunk is never empty. Disposing it closes all at once.
 *
 * A stream that cannot be opened, or breaks, is told to `onError`; what its peer sends is dropped for
 * a second, then opens another stream.
 *
 * ```ts
 * import { UdpForward } from "@jumpstarter/lib/adapters";
 * import type { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export async function address(tftp: DriverClient): Promise<void> {
 *   await using forward = await UdpForward.listen(tftp);
 *   console.log(`tftp ${forward.hostname} ${forward.port}`);
 *   await forward.done;
 * }
 * ```
 */
export class UdpForward implements AsyncDisposable {
  /** The address listened on. */
  readonly hostname: string;
  /** The port listened on. */
  readonly port: number;
  /** Settles when the forward has ended; fails when nothing can be received any more. */
  readonly done: Promise<void>;
  #client: StreamSource;
  #socket: Socket;
  #options: UdpForwardOptions;
  #peers = new Map<string, UdpPeer>();
  #closing = new Set<Promise<void>>();
  #end = Promise.withResolvers<void>();
  #isEnded = false;

  private constructor(client: StreamSource, socket: Socket, options: UdpForwardOptions) {
    ({ address: this.hostname, port: this.port } = socket.address());
    this.#client = client;
    this.#socket = socket;
    this.#options = options;
    socket.on("message", (datagram, from) => this.#receive(datagram, from));
    socket.on("error", (cause) => {
      const place = `${this.hostname}:${this.port}`;
      const message = `receiving datagrams on ${place} failed: ${cause.message}`;
      this.#end.reject(new ConnectionError(message, { cause }));
    });
    this.done = this.#serve(options.signal);
    // A failure waits for whoever looks at `done` or disposes; it must not end the process.
    this.done.catch(() => {});
  }

  /** Starts to listen; fails with `ConnectionError` when the port is taken or not allowed. */
  static async listen(client: StreamSource, options: UdpForwardOptions = {}): Promise<UdpForward> {
    const { hostname = "127.0.0.1", port = 0 } = options;
    return new UdpForward(client, await bind(hostname, port), options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.resolve();
    await this.done;
  }

  async #serve(signal: AbortSignal | undefined): Promise<void> {
    const end = () => this.#end.resolve();
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
    try {
      await this.#end.promise;
    } finally {
      this.#isEnded = true;
      signal?.removeEventListener("abort", end);
      for (const peer of this.#peers.values()) peer.end();
      // The port is free only when the socket says so.
      await new Promise<void>((resolve) => this.#socket.close(resolve));
      await Promise.all(this.#closing);
    }
  }

  #receive(datagram: Uint8Array, from: { address: string; port: number }): void {
    if (this.#isEnded || datagram.length === 0) return;
    const key = `${from.address} ${from.port}`;
    let peer = this.#peers.get(key);
    if (peer === undefined) {
      this.#makeRoom();
      peer = this.#open(from);
      this.#peers.set(key, peer);
      this.#watch(key, peer);
    }
    peer.take(datagram);
  }

  #open({ address, port }: { address: string; port: number }): UdpPeer {
    const { method = "connect", idleTimeout = IDLE_TIMEOUT, onError = report } = this.#options;
    return new UdpPeer({
      open: (signal) => this.#client.stream(method, { signal }),
      reply: (datagram) =>
        new Promise((resolve, reject) => {
          if (this.#isEnded) return resolve();
          this.#socket.send(datagram, port, address, (error) => error ? reject(error) : resolve());
        }),
      onError,
      idleTimeout,
    });
  }

  #makeRoom(): void {
    if (this.#peers.size < (this.#options.maxPeers ?? MAX_PEERS)) return;
    const [key, peer] = [...this.#peers].reduce((a, b) =>
      a[1].lastActive <= b[1].lastActive ? a : b
    );
    peer.end();
    this.#peers.delete(key);
  }

  #watch(key: string, peer: UdpPeer): void {
    const closed = peer.done.then(() => {
      this.#closing.delete(closed);
      // The peer that was made room of may be back with another stream.
      if (this.#peers.get(key) === peer) this.#peers.delete(key);
    });
    this.#closing.add(closed);
  }
}

async function bind(hostname: string, port: number): Promise<Socket> {
  const { createSocket } = await import("node:dgram");
  const { lookup } = await import("node:dns/promises");
  let socket: Socket | undefined;
  try {
    const { address, family } = await lookup(hostname);
    socket = createSocket(family === 6 ? "udp6" : "udp4");
    await new Promise<void>((resolve, reject) => {
      socket!.once("error", reject);
      socket!.bind(port, address, resolve);
    });
    socket.removeAllListeners("error");
    return socket;
  } catch (cause) {
    socket?.close();
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "the port is taken" : message;
    throw new ConnectionError(
      `cannot listen on ${hostname}:${port}: ${reason}; choose another, or 0 for any free port`,
      { cause },
    );
  }
}
