import type { ByteStream } from "../streams/byte_stream.ts";
import { DatagramQueue } from "../streams/datagram_queue.ts";
import { forward } from "../streams/forward.ts";

/** Milliseconds that a peer whose stream failed waits before its datagrams open another. */
export const RETRY_DELAY = 1_000;

/** What a {@linkcode UdpPeer} stands between. */
export interface UdpPeerOptions {
  /** Opens the driver stream. */
  open(signal: AbortSignal): Promise<ByteStream>;
  /** Sends a datagram to the peer. */
  reply(datagram: Uint8Array): Promise<void>;
  /** Told when the stream fails. */
  onError(error: unknown): void;
  /** Milliseconds of silence in both directions that end it. */
  idleTimeout: number;
}

/** Somebody who sends datagrams to a forward, and a driver stream of its own. */
export class UdpPeer {
  /** Settles when the stream is closed; never fails. */
  readonly done: Promise<void>;
  /** When the last datagram came or went, by `performance.now()`. */
  lastActive: number = performance.now();
  #options: UdpPeerOptions;
  #received = new DatagramQueue();
  #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: UdpPeerOptions) {
    this.#options = options;
    this.#watch(options.idleTimeout);
    this.done = this.#join().finally(() => clearTimeout(this.#timer));
  }

  /** Passes a datagram of the peer on. */
  take(datagram: Uint8Array): void {
    this.lastActive = performance.now();
    this.#received.push(datagram);
  }

  /** Closes the stream. */
  end(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  async #join(): Promise<void> {
    const { signal } = this.#stop;
    try {
      await forward(this.#local(), await this.#options.open(signal), { signal });
    } catch (error) {
      if (signal.aborted) return;
      this.#options.onError(error);
      this.#received.close();
      await aborted(signal, RETRY_DELAY);
    }
  }

  /** The peer's side: chunks read are its datagrams, chunks written are sent to it. */
  #local(): ByteStream {
    const received = this.#received;
    const close = () => Promise.resolve(received.close());
    return {
      read: () => received.read(),
      write: async (bytes) => {
        this.lastActive = performance.now();
        await this.#options.reply(bytes);
      },
      // Where the device has ended, there is nobody to send to.
      closeWrite: close,
      [Symbol.asyncDispose]: close,
    };
  }

  /** One timer for all datagrams: when it goes off, it looks how long it was silent. */
  #watch(wait: number): void {
    this.#timer = setTimeout(() => {
      const left = this.lastActive + this.#options.idleTimeout - performance.now();
      if (left <= 0) this.end();
      else this.#watch(left);
    }, wait);
  }
}

/** Waits so many milliseconds, or until the signal. */
async function aborted(signal: AbortSignal, milliseconds: number): Promise<void> {
  const waited = Promise.withResolvers<void>();
  const timer = setTimeout(waited.resolve, milliseconds);
  signal.addEventListener("abort", () => waited.resolve(), { once: true });
  await waited.promise;
  clearTimeout(timer);
}
