import { type Connection, fromConnection } from "../streams/connection.ts";
import { forward } from "../streams/forward.ts";
import type { StreamSource } from "./stream_source.ts";

/** What all kinds of forward take. */
export interface ForwardServerOptions {
  /** The driver method that opens the byte stream; default `connect`. */
  method?: string;
  /** Ends the forward and its connections. */
  signal?: AbortSignal;
  /**
   * Told when a connection fails, for example because the device cannot be reached; the others go
   * on. By default the message goes to standard error.
   */
  onError?: (error: unknown) => void;
}

/** The part of a `Deno.Listener` that is served. */
export interface Listener {
  accept(): Promise<Connection>;
  close(): void;
}

/** Accepts connections, and joins each to a driver stream of its own. */
export class ForwardServer implements AsyncDisposable {
  /** Settles when the forward has ended; fails when no more connections can be accepted. */
  readonly done: Promise<void>;
  #client: StreamSource;
  #listener: Listener;
  #method: string;
  #onError: (error: unknown) => void;
  #stop = new AbortController();
  #connections = new Set<Promise<void>>();

  constructor(client: StreamSource, listener: Listener, options: ForwardServerOptions) {
    this.#client = client;
    this.#listener = listener;
    this.#method = options.method ?? "connect";
    this.#onError = options.onError ?? report;
    this.done = this.#serve(options.signal);
    // A failure waits for whoever looks at `done` or disposes; it must not end the process.
    this.done.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.done;
  }

  async #serve(signal: AbortSignal | undefined): Promise<void> {
    const end = () => this.#end();
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
    try {
      await this.#accept();
    } finally {
      signal?.removeEventListener("abort", end);
      end();
      await Promise.all(this.#connections);
    }
  }

  #end(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let connection: Connection;
      try {
        connection = await this.#listener.accept();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        throw error;
      }
      const served = this.#join(connection).finally(() => this.#connections.delete(served));
      this.#connections.add(served);
    }
  }

  async #join(connection: Connection): Promise<void> {
    const { signal } = this.#stop;
    await using local = fromConnection(connection);
    try {
      const remote = await this.#client.stream(this.#method, { signal });
      await forward(local, remote, { signal });
    } catch (error) {
      if (!signal.aborted && !isLocalEnd(error)) this.#onError(error);
    }
  }
}

/** The program at our socket closed it in the middle: its business, and not a fault of the device. */
function isLocalEnd(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe;
}

/** Tells of an error where nobody else is told. */
export function report(error: unknown): void {
  console.error(`forward: ${error instanceof Error ? error.message : error}`);
}
