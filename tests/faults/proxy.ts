import * as net from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A connection that goes through the proxy. */
interface Pair {
  client: net.Socket;
  server: net.Socket;
}

/** A network between client and exporter that can be broken in the ways of networks. */
export class Proxy implements AsyncDisposable {
  /** Where clients connect to. */
  readonly endpoint: { kind: "tcp"; hostname: string; port: number };
  /** Milliseconds by which bytes come late. */
  latency = 0;
  #listener: net.Server;
  #pairs = new Set<Pair>();
  #isBlackhole = false;

  private constructor(listener: net.Server) {
    this.#listener = listener;
    const { port } = listener.address() as net.AddressInfo;
    this.endpoint = { kind: "tcp", hostname: "127.0.0.1", port };
  }

  /** Opens one before a server. */
  static async open(target: { hostname: string; port: number }): Promise<Proxy> {
    // Half-open sockets stay so: an end is passed on, and nothing else.
    const listener = net.createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const proxy = new Proxy(listener);
    listener.on("connection", (client) => proxy.#join(client, target));
    return proxy;
  }

  /** How many connections it holds. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Cuts what is open, so that both sides are told. */
  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Takes the clients away, and does not tell the exporter. */
  loseClients(): void {
    this.blackhole();
    for (const { client } of this.#pairs) client.resetAndDestroy();
  }

  /** Ends the clients' directions only: what they have is sent, and nothing will follow. */
  endClients(): void {
    for (const { server } of this.#pairs) server.end();
  }

  /** Loses every byte from now on, of connections that are open and of new ones. */
  blackhole(): void {
    this.#isBlackhole = true;
  }

  /** Takes no more bytes of what is open, so that those who send must wait. */
  stall(): void {
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Works again; what was lost stays lost. */
  heal(): void {
    this.#isBlackhole = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  #join(client: net.Socket, target: { hostname: string; port: number }): void {
    const server = net.connect({
      host: target.hostname,
      port: target.port,
      allowHalfOpen: true,
      noDelay: true,
    });
    const pair = { client, server };
    this.#pairs.add(pair);
    this.#carry(client, server, pair);
    this.#carry(server, client, pair);
  }

  #carry(from: net.Socket, to: net.Socket, pair: Pair): void {
    const after = async (act: () => void) => {
      if (this.latency > 0) await delay(this.latency);
      if (!to.destroyed && !this.#isBlackhole) act();
    };
    from.on("data", (bytes) =>
      after(() => {
        if (to.write(bytes) || this.latency > 0) return;
        from.pause();
        to.once("drain", () => from.resume());
      }));
    from.on("end", () => after(() => to.end()));
    from.on("error", () => after(() => to.resetAndDestroy()));
    from.on("close", () => {
      if (pair.client.destroyed && pair.server.destroyed) this.#pairs.delete(pair);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    this.#isBlackhole = true;
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
    await closed;
  }
}
