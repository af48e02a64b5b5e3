import type { Duplex } from "node:stream";
import * as zlib from "node:zlib";
import { DriverError } from "../errors.ts";
import { MessageStream } from "../rpc/message_stream.ts";
import type { ByteStream } from "./byte_stream.ts";

/** Encodings that can be read and written. */
export type SupportedEncoding = "gzip";

interface Codec {
  decoder(): Duplex;
  encoder(): Duplex;
}

const codecs: Record<SupportedEncoding, Codec> = {
  // Reads zlib's framing as well, as the peer does.
  gzip: { decoder: () => zlib.createUnzip(), encoder: () => zlib.createGzip() },
};

/**
 * The encodings that are there. zstd is not: the decoder of Deno 2.9 takes an archive that is cut off
 * for a whole one.
 */
export const SUPPORTED_ENCODINGS: readonly SupportedEncoding[] = ["gzip"];

/** The plain bytes of a stream whose other side holds them compressed. */
export function compressed(raw: ByteStream, encoding: SupportedEncoding): ByteStream {
  return new CompressedStream(raw, encoding);
}

class CompressedStream implements ByteStream {
  #raw: ByteStream;
  #encoding: SupportedEncoding;
  #decoder: MessageStream<Uint8Array, Uint8Array> | undefined;
  #encoder: MessageStream<Uint8Array, Uint8Array> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isWriteClosed = false;
  #failure: unknown;

  constructor(raw: ByteStream, encoding: SupportedEncoding) {
    this.#raw = raw;
    this.#encoding = encoding;
  }

  async read(): Promise<Uint8Array | null> {
    this.#decoder ??= this.#startDecoding();
    try {
      return await this.#decoder.read();
    } catch (error) {
      // What the stream itself failed with tells more than the decoder's view of it.
      throw this.#failure ?? new DriverError(
        `the ${this.#encoding} data is corrupt, or not ${this.#encoding} at all: ` +
          (error as Error).message,
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
    if (this.#decoder === undefined) this.#encoder ??= this.#startEncoding();
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

  #startDecoding(): MessageStream<Uint8Array, Uint8Array> {
    const stream = codecs[this.#encoding].decoder();
    const decoder = new MessageStream<Uint8Array, Uint8Array>(stream);
    const feed = async () => {
      for (let chunk = await this.#raw.read(); chunk !== null; chunk = await this.#raw.read()) {
        await decoder.write(chunk);
      }
      decoder.end();
    };
    feed().catch((error) => {
      if (stream.destroyed) return; // the decoder has failed first, and says so itself
      this.#failure = error;
      stream.destroy(error);
    });
    return decoder;
  }

  #startEncoding(): MessageStream<Uint8Array, Uint8Array> {
    const stream = codecs[this.#encoding].encoder();
    const encoder = new MessageStream<Uint8Array, Uint8Array>(stream);
    this.#sending = (async () => {
      for (let chunk = await encoder.read(); chunk !== null; chunk = await encoder.read()) {
        await this.#raw.write(chunk);
      }
    })();
    this.#sending.catch((error) => {
      this.#failure = error;
      stream.destroy(error);
    });
    return encoder;
  }
}
