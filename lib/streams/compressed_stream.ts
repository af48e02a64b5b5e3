import type { Duplex } from "node:stream";
import { createGzip, createZstdCompress } from "node:zlib";
import type { ContentEncoding } from "../driver/resource.ts";
import { DriverError, NotImplementedError } from "../errors.ts";
import { MessageStream } from "../rpc/message_stream.ts";
import type { ByteStream } from "./byte_stream.ts";
import { decoders } from "./decoders.ts";

/** Encodings that can be written; all can be read. */
const encoders: Partial<Record<ContentEncoding, () => Duplex>> = {
  gzip: createGzip,
  zstd: createZstdCompress,
};

/**
 * The plain bytes of a stream whose other side holds them compressed. All encodings can be read,
 * gzip and zstd written.
 */
export function compressed(raw: ByteStream, encoding: ContentEncoding): ByteStream {
  return new CompressedStream(raw, encoding);
}

class CompressedStream implements ByteStream {
  #raw: ByteStream;
  #encoding: ContentEncoding;
  #decoded: AsyncIterator<Uint8Array> | undefined;
  #encoder: MessageStream<Uint8Array, Uint8Array> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isWriteClosed = false;
  /** What the raw stream failed with. */
  #failure: unknown;

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
    this.#encoder ??= this.#startEncoding();
    if (this.#failure !== undefined) throw this.#failure;
    await this.#encoder.write(bytes);
  }

  async closeWrite(): Promise<void> {
    if (this.#isWriteClosed) return;
    this.#isWriteClosed = true;
    // Who has only written wants a complete archive, also of nothing.
    const hasRead = this.#decoded !== undefined;
    if (!hasRead && this.#encoding in encoders) this.#encoder ??= this.#startEncoding();
    this.#encoder?.end();
    await this.#sending;
    await this.#raw.closeWrite();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.closeWrite();
    } finally {
      await this.#raw[Symbol.asyncDispose]();
    }
  }

  async *#archive(): AsyncGenerator<Uint8Array> {
    try {
      for (let chunk = await this.#raw.read(); chunk !== null; chunk = await this.#raw.read()) {
        yield chunk;
      }
    } catch (error) {
      // The decoder would tell of it in its own words.
      this.#failure = error;
      throw error;
    }
  }

  #startEncoding(): MessageStream<Uint8Array, Uint8Array> {
    const encoder = encoders[this.#encoding];
    if (encoder === undefined) {
      throw new NotImplementedError(
        `this exporter reads ${this.#encoding} but does not write it; take the data plain, or as ` +
          Object.keys(encoders).join(" or "),
      );
    }
    const stream = encoder();
    const messages = new MessageStream<Uint8Array, Uint8Array>(stream);
    this.#sending = (async () => {
      for (let chunk = await messages.read(); chunk !== null; chunk = await messages.read()) {
        await this.#raw.write(chunk);
      }
    })();
    this.#sending.catch((error) => {
      this.#failure = error;
      stream.destroy(error);
    });
    return messages;
  }
}
