import type { ByteStream } from "./byte_stream.ts";

/** Two ends of an in-memory connection: what is written to one is read from the other. */
export function pipe(): [ByteStream, ByteStream] {
  const forth = new Channel();
  const back = new Channel();
  return [new PipeEnd(back, forth), new PipeEnd(forth, back)];
}

class PipeEnd implements ByteStream {
  #incoming: Channel;
  #outgoing: Channel;

  constructor(incoming: Channel, outgoing: Channel) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  read(): Promise<Uint8Array | null> {
    return this.#incoming.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#outgoing.write(bytes);
  }

  closeWrite(): Promise<void> {
    this.#outgoing.end();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#outgoing.end();
    this.#incoming.abandon();
    return Promise.resolve();
  }
}

/** One direction: a rendezvous of one writer and one reader, so nothing piles up in between. */
class Channel {
  #chunk: Uint8Array | undefined;
  #isEnded = false;
  #isAbandoned = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  async read(): Promise<Uint8Array | null> {
    while (this.#chunk === undefined) {
      if (this.#isEnded || this.#isAbandoned) return null;
      await new Promise<void>((wake) => this.#wakeReader = wake);
    }
    const chunk = this.#chunk;
    this.#chunk = undefined;
    this.#wakeWriter?.();
    return chunk;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    // The slot is taken while the reader has not fetched the last chunk.
    while (this.#chunk !== undefined && !this.#isAbandoned && !this.#isEnded) {
      await new Promise<void>((wake) => this.#wakeWriter = wake);
    }
    if (this.#isEnded || this.#isAbandoned) {
      throw new Deno.errors.BrokenPipe("the other end of the pipe is closed");
    }
    this.#chunk = bytes;
    this.#wakeReader?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  abandon(): void {
    this.#isAbandoned = true;
    this.#chunk = undefined;
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }
}
