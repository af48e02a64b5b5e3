import { JumpstarterError } from "../errors.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
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
    let chunk: Uint8Array | null;
    do {
      try {
        chunk = await this.#read();
        if (chunk !== null) this.#count.add(chunk);
      } catch (error) {
        this.failure = error;
        // Cut off, not ended: the driver must not take a part for the whole.
        return await this.#stream[Symbol.asyncDispose]();
      }
      try {
        await (chunk === null ? this.#stream.closeWrite() : this.#stream.write(chunk));
      } catch {
        return;
      }
    } while (chunk !== null);
  }

  async #read(): Promise<Uint8Array | null> {
    try {
      return await this.#source.read();
    } catch (cause) {
      const message = `reading ${this.#source.name} failed: ${systemReason(cause)}`;
      throw new JumpstarterError("not_read", message, { cause });
    }
  }
}
