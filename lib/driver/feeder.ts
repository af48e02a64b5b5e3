import { JumpstarterError } from "../errors.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import { overlap } from "../streams/overlap.ts";
import type { Source } from "../streams/source.ts";
import { systemReason } from "../streams/system_reason.ts";
import type { Counter } from "./counter.ts";

/** Feeds a source to a stream until either ends. */
export class Feeder {
  /** What went wrong on our side: the cause when the driver only sees its stream break. */
  failure: unknown;
  #source: Source;
  #stream: ByteStream;
  #count: Counter;

  constructor(source: Source, stream: ByteStream, count: Counter) {
    this.#source = source;
    this.#stream = stream;
    this.#count = count;
  }

  /** Never fails: a stream that breaks is the business of the call, whose error tells more. */
  async run(): Promise<void> {
    try {
      await overlap(() => this.#read(), (chunk) => this.#stream.write(chunk));
      await this.#stream.closeWrite();
    } catch {
      // Cut off, not ended: the driver must not take a part for the whole.
      if (this.failure !== undefined) await this.#stream[Symbol.asyncDispose]();
    }
  }

  async #read(): Promise<Uint8Array | null> {
    try {
      const chunk = await this.#source.read().catch((cause) => {
        const message = `reading ${this.#source.name} failed: ${systemReason(cause)}`;
        throw new JumpstarterError("not_read", message, { cause });
      });
      if (chunk !== null) this.#count.add(chunk);
      return chunk;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
