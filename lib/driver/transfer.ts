import { createHash } from "node:crypto";
import type { Json } from "../codec/value.ts";
import { JumpstarterError } from "../errors.ts";
import { type ImageSink, openSink } from "../streams/sink.ts";
import { type ImageSource, openSource, type Source } from "../streams/source.ts";
import { systemReason } from "../streams/system_reason.ts";
import type { ByteStream } from "../streams/byte_stream.ts";
import type { CallOptions, DriverClient } from "./client.ts";
import type { ContentEncoding, ResourceHandle } from "./resource.ts";

/** Options of {@linkcode upload} and {@linkcode download}. */
export interface TransferOptions extends CallOptions {
  /** How the data is compressed on our side; the exporter sees it plain. */
  encoding?: ContentEncoding;
  /** Told after every piece: bytes so far, and bytes in all where known. */
  onProgress?: (done: number, total: number | undefined) => void;
}

/** What was transferred, as it is on our side. */
export interface Transferred {
  /** How many. */
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Makes the driver call that takes the data. */
export type TransferCall = (handle: ResourceHandle, options: CallOptions) => Promise<Json>;

/**
 * Sends an image to a driver: opens it, offers it as a resource, makes the call that takes it, and
 * feeds it while the call runs. The call decides: its error is the one that is thrown, and when it
 * has had enough before the end, the rest is not sent.
 */
export async function upload(
  client: DriverClient,
  image: ImageSource,
  call: TransferCall,
  options: TransferOptions = {},
): Promise<Transferred> {
  await using source = await openSource(image);
  await using resource = await client.openResource(options.encoding ?? null, options);
  const count = new Counter(source.size, options.onProgress);
  const feeder = new Feeder(source, resource.stream, count);
  void feeder.run();
  try {
    await call(resource.handle, options);
  } catch (error) {
    throw feeder.failure ?? error;
  }
  if (feeder.failure !== undefined) throw feeder.failure;
  return count.result();
}

/** Feeds a source to a stream until either ends. */
class Feeder {
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

/**
 * Receives an image from a driver while the call that gives it runs. A file appears under its name
 * only when it is whole.
 */
export async function download(
  client: DriverClient,
  image: ImageSink,
  call: TransferCall,
  options: TransferOptions = {},
): Promise<Transferred> {
  await using sink = await openSink(image);
  await using resource = await client.openResource(options.encoding ?? null, options);
  await resource.stream.closeWrite();
  const count = new Counter(undefined, options.onProgress);
  const receiving = (async () => {
    const { stream } = resource;
    for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
      count.add(chunk);
      await sink.write(chunk);
    }
  })();
  receiving.catch(() => {}); // looked at below, after the call
  // A sink that fails must not leave the call waiting for a reader.
  await Promise.race([call(resource.handle, options), failureOf(receiving)]);
  await receiving;
  await sink.close();
  return count.result();
}

function failureOf(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => work.catch(reject));
}

class Counter {
  #hash = createHash("sha256");
  #bytes = 0;
  #total: number | undefined;
  #onProgress: TransferOptions["onProgress"];

  constructor(total: number | undefined, onProgress: TransferOptions["onProgress"]) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#onProgress?.(this.#bytes, this.#total);
  }

  result(): Transferred {
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }
}
