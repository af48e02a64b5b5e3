import { ConnectionError } from "../errors.ts";
import { SocketDir } from "../rpc/socket_dir.ts";
import { ForwardServer, type ForwardServerOptions } from "./forward_server.ts";
import type { StreamSource } from "./stream_source.ts";

/** Where a {@linkcode UnixForward} listens. */
export interface UnixForwardOptions extends ForwardServerOptions {
  /** The socket to make; by default `socket` in a new directory that only this user may enter. */
  path?: string;
}

/**
 * A Unix socket that leads to a driver's byte stream. Each connection opens a stream of its own.
 * Disposing it closes the connections at once and removes the socket, and the directory made for it.
 *
 * ```ts
 * import { UnixForward } from "@jumpstarter/lib/adapters";
 * import type { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export async function greet(shell: DriverClient) {
 *   await using forward = await UnixForward.listen(shell);
 *   using connection = await Deno.connect({ transport: "unix", path: forward.path });
 *   await connection.write(new TextEncoder().encode("hello\n"));
 * }
 * ```
 */
export class UnixForward implements AsyncDisposable {
  /** The path of the socket. */
  readonly path: string;
  /** Settles when the forward has ended and the socket is gone. */
  readonly done: Promise<void>;
  #server: ForwardServer;

  private constructor(path: string, server: ForwardServer, dir: SocketDir | undefined) {
    this.path = path;
    this.#server = server;
    this.done = server.done.finally(() => dir?.[Symbol.asyncDispose]() ?? remove(path));
    this.done.catch(() => {});
  }

  /** Starts to listen; fails with `ConnectionError` when the socket cannot be made. */
  static async listen(
    client: StreamSource,
    options: UnixForwardOptions = {},
  ): Promise<UnixForward> {
    const dir = options.path === undefined ? await SocketDir.make() : undefined;
    const path = options.path ?? dir!.file("socket");
    try {
      const listener = Deno.listen({ transport: "unix", path });
      return new UnixForward(path, new ForwardServer(client, listener, options), dir);
    } catch (cause) {
      await dir?.[Symbol.asyncDispose]();
      const reason = cause instanceof Deno.errors.AddrInUse
        ? "the file exists already; remove it or choose another path"
        : String(cause);
      throw new ConnectionError(`cannot listen on ${path}: ${reason}`, { cause });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.done;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
