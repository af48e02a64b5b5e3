import { ConnectionError } from "../errors.ts";
import { ForwardServer, type ForwardServerOptions } from "./forward_server.ts";
import type { StreamSource } from "./stream_source.ts";

/** Where a {@linkcode TcpForward} listens. */
export interface TcpForwardOptions extends ForwardServerOptions {
  /** Default `127.0.0.1`: this machine only. */
  hostname?: string;
  /** Default 0: any free port. */
  port?: number;
}

/**
 * A TCP port of this machine that leads to a driver's byte stream. Each connection opens a stream
 * of its own. Disposing it closes the port and the connections at once.
 *
 * ```ts
 * import { TcpForward } from "@jumpstarter/lib/adapters";
 * import type { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export async function fetchFrom(web: DriverClient): Promise<string> {
 *   await using forward = await TcpForward.listen(web);
 *   const response = await fetch(`http://${forward.hostname}:${forward.port}/`);
 *   return await response.text();
 * }
 * ```
 */
export class TcpForward implements AsyncDisposable {
  /** The address listened on. */
  readonly hostname: string;
  /** The port listened on. */
  readonly port: number;
  #server: ForwardServer;

  private constructor(address: Deno.NetAddr, server: ForwardServer) {
    this.hostname = address.hostname;
    this.port = address.port;
    this.#server = server;
  }

  /** Starts to listen; fails with `ConnectionError` when the port is taken or not allowed. */
  static listen(client: StreamSource, options: TcpForwardOptions = {}): Promise<TcpForward> {
    const { hostname = "127.0.0.1", port = 0 } = options;
    return Promise.try(() => {
      const listener = bind(hostname, port);
      const server = new ForwardServer(client, {
        async accept() {
          const connection = await listener.accept();
          connection.setNoDelay(true);
          return connection;
        },
        close: () => listener.close(),
      }, options);
      return new TcpForward(listener.addr as Deno.NetAddr, server);
    });
  }

  /** Settles when the forward has ended; fails when no more connections can be accepted. */
  get done(): Promise<void> {
    return this.#server.done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

function bind(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.AddrInUse ? "the port is taken" : String(cause);
    throw new ConnectionError(
      `cannot listen on ${hostname}:${port}: ${reason}; choose another, or 0 for any free port`,
      { cause },
    );
  }
}
