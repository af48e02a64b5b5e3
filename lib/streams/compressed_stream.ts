import type { ContentEncoding } from "../driver/resource.ts";
import { DriverError } from "../errors.ts";
import { type ByteStream, readAll } from "./byte_stream.ts";
import { decoders } from "./decoders.ts";
import { encoders } from "./encoders.ts";
import { pipe } from "./pipe.ts";

/** The plain bytes of a stream whose other side holds them compressed. */
export function compressed(raw: ByteStream, encoding: ContentEncoding): ByteStream {
  return new CompressedStream(raw, encoding);
}

class CompressedStream implements ByteStream {
  #raw: ByteStream;
  #encoding: ContentEncoding;
  #decoded: AsyncIterator<Uint8Array> | undefined;
  /** The way to the encoder, once something is written. */
  #plain: ByteStream | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isWriteClosed = false;
  /** What the raw stream or the encoder failed with. */
  #failure: unknown;
  /** A write has failed: its error is the one to tell. */
  #hasFailed = false;

  constructor(raw: ByteStream, encoding: ContentEncoding) {
    this.#raw = raw;
    this.#encoding = encoding;
  }

  async read(): Promise<Uint8Array | null> {
    this.#decoded ??= decoders[this.#encoding](this.#archive())[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { value, done } = await this.#decoded.next();
        if (done) return null;
        if (value.length > 0) return value;
      }
    } catch (error) {
      throw this.#failure ?? new DriverError(
        `the ${this.#encoding} data is cut off, corrupt, or not ${this.#encoding} at all`,
        { cause: error },
      );
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#plain ??= this.#startEncoding();
    try {
      await this.#plain.write(bytes);
    } catch (error) {
      this.#hasFailed = true;
      throw this.#failure ?? error;
    }
  }

  async closeWrite(): Promise<void> {
    if (this.#isWriteClosed) return;
    this.#isWriteClosed = true;
    // Who has only written wants a complete archive, also of nothing.
    const hasRead = this.#decoded !== undefined;
    if (!hasRead) this.#plain ??= this.#startEncoding();
    await this.#plain?.closeWrite();
    await this.#sending;
    await this.#raw.closeWrite();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.closeWrite();
    } catch (error) {
      if (!this.#hasFailed) throw error;
    } finally {
      await this.#raw[Symbol.asyncDispose]();
    }
  }

  async *#archive(): AsyncGenerator<Uint8Array> {
    try {
      yield* readAll(this.#raw);
    } catch (error) {
      // The decoder would tell of it in its own words.
      this.#failure = error;
      throw error;
    }
  }

  #startEncoding(): ByteStream {
    const [near, far] = pipe();
    this.#sending = this.#send(far);
    this.#sending.catch(() => {}); // told by the next write, or at the end
    return near;
  }

  async #send(plain: ByteStream): Promise<void> {
    try {
      for await (const chunk of encoders[this.#encoding](readAll(plain))) {
        await this.#raw.write(chunk);
      }
    } catch (error) {
      this.#failure = error;
      await plain[Symbol.asyncDispose](); // a write that waits fails
      throw error;
    }
  }
}
