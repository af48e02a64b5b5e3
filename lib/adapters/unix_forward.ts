import { ConnectionError } from "../errors.ts";
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

  private constructor(path: string, server: ForwardServer, madeDirectory: string | undefined) {
    this.path = path;
    this.#server = server;
    this.done = server.done.finally(() => remove(madeDirectory ?? path));
    this.done.catch(() => {});
  }

  /** Starts to listen; fails with `ConnectionError` when the socket cannot be made. */
  static async listen(
    client: StreamSource,
    options: UnixForwardOptions = {},
  ): Promise<UnixForward> {
    const directory = options.path === undefined ? await makeDirectory() : undefined;
    const path = options.path ?? `${directory}/socket`;
    try {
      const listener = Deno.listen({ transport: "unix", path });
      return new UnixForward(path, new ForwardServer(client, listener, options), directory);
    } catch (cause) {
      if (directory !== undefined) await remove(directory);
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

/** Only the user may enter: a socket has no permissions of its own that hold everywhere. */
async function makeDirectory(): Promise<string> {
  const prefix = "jumpstarter-";
  const runtime = Deno.env.get("XDG_RUNTIME_DIR");
  try {
    return await Deno.makeTempDir(runtime ? { dir: runtime, prefix } : { prefix });
  } catch (error) {
    // A runtime directory that is named but not there is common outside a login.
    if (runtime && error instanceof Deno.errors.NotFound) return await Deno.makeTempDir({ prefix });
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
