import type { ByteStream } from "@jumpstarter/lib/streams";

/** Chunks that may be under way, so that a client can write a few before it reads. */
const MAX_CHUNKS = 32;

/** A stream that gives back what is written to it, in the same chunks, and ends when writing ends. */
export function echo(): ByteStream {
  return new EchoStream();
}

class EchoStream implements ByteStream {
  #chunks: Uint8Array[] = [];
  #isWriteClosed = false;
  #isDisposed = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  async read(): Promise<Uint8Array | null> {
    while (this.#chunks.length === 0 && !this.#isWriteClosed) {
      await new Promise<void>((wake) => this.#wakeReader = wake);
    }
    const chunk = this.#chunks.shift() ?? null;
    this.#wakeWriter?.();
    return chunk;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    while (this.#chunks.length >= MAX_CHUNKS && !this.#isDisposed) {
      await new Promise<void>((wake) => this.#wakeWriter = wake);
    }
    if (this.#isWriteClosed) throw new Deno.errors.BrokenPipe("the echo is closed for writing");
    this.#chunks.push(bytes);
    this.#wakeReader?.();
  }

  closeWrite(): Promise<void> {
    this.#isWriteClosed = true;
    this.#wakeReader?.();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#chunks = [];
    this.#wakeWriter?.();
    return this.closeWrite();
  }
}
