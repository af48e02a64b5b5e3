/** Bytes that wait for a slow reader; what comes beyond them is dropped, as a socket does. */
const MAX_WAITING = 1_048_576;
/** Bytes that a datagram counts beside its own, so that tiny ones do not pile up without bounds. */
const OVERHEAD = 128;

/**
 * Datagrams on their way from a socket, which hands them over as they come, to whoever reads them
 * one by one. Empty ones are dropped: a chunk of a byte stream is never empty.
 */
export class DatagramQueue {
  #waiting: Uint8Array[] = [];
  #size = 0;
  #end: { failure: Error | undefined } | undefined;
  #wake: (() => void) | undefined;

  /** Whether nothing more is taken. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Takes a datagram, or drops it. */
  push(datagram: Uint8Array): void {
    const size = this.#size + datagram.length + OVERHEAD;
    if (datagram.length === 0 || size > MAX_WAITING || this.isEnded) return;
    // A copy, because the socket's own buffer is as large as the largest datagram.
    this.#waiting.push(new Uint8Array(datagram));
    this.#size = size;
    this.#wake?.();
  }

  /** The next datagram; what waits is still given before the end, or before the failure. */
  async read(): Promise<Uint8Array | null> {
    while (this.#waiting.length === 0 && !this.isEnded) {
      await new Promise<void>((wake) => this.#wake = wake);
    }
    const datagram = this.#waiting.shift();
    if (datagram === undefined && this.#end?.failure !== undefined) throw this.#end.failure;
    if (datagram === undefined) return null;
    this.#size -= datagram.length + OVERHEAD;
    return datagram;
  }

  /** Ends it, with a failure for the reader where there is one. The first end counts. */
  end(failure?: Error): void {
    this.#end ??= { failure };
    this.#wake?.();
  }

  /** Ends it and drops what waits. */
  close(): void {
    this.#waiting = [];
    this.#size = 0;
    this.#end = { failure: undefined };
    this.#wake?.();
  }
}
