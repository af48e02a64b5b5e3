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
 * feeds it while the call runs. When the call fails, its error is the one that is thrown.
 */
export async function upload(
  client: DriverClient,
  image: ImageSource,
  call: TransferCall,
  options: TransferOptions = {},
): Promise<Transferred> {
  await using source = await openSource(image);
  await using resource = await client.openResource(options.encoding ?? null, options);
  const stop = new AbortController();
  const feeding = feed(source, resource.stream, stop.signal, options);
  // Its failure is looked at after the call's, which tells more.
  feeding.catch(() => {});
  try {
    await call(resource.handle, options);
  } catch (error) {
    stop.abort();
    // A source that cannot be read is the cause; the driver only saw the stream break.
    throw await sourceFailure(feeding) ?? error;
  }
  stop.abort();
  return await feeding;
}

/** A source failed, as opposed to the stream that it was fed to. */
class SourceError extends JumpstarterError {}

async function feed(
  source: Source,
  stream: ByteStream,
  stop: AbortSignal,
  { onProgress }: TransferOptions,
): Promise<Transferred> {
  const count = new Counter(source.size, onProgress);
  try {
    for (let chunk = await read(source); chunk !== null; chunk = await read(source)) {
      count.add(chunk);
      await stream.write(chunk);
    }
    await stream.closeWrite();
  } catch (error) {
    if (error instanceof SourceError) {
      // Cut off, not ended: the driver must not take a part for the whole.
      await stream[Symbol.asyncDispose]();
      throw error;
    }
    // A driver that has had enough before the end stops reading; that is its call's business.
    if (!stop.aborted) throw error;
  }
  return count.result();
}

async function read(source: Source): Promise<Uint8Array | null> {
  try {
    return await source.read();
  } catch (cause) {
    const message = `reading ${source.name} failed: ${systemReason(cause)}`;
    throw new SourceError("not_read", message, { cause });
  }
}

async function sourceFailure(feeding: Promise<unknown>): Promise<SourceError | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // The feeder ends at once when the stream broke; one that waits for its source knows no failure.
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, 0));
  try {
    await Promise.race([feeding, late]);
    return undefined;
  } catch (error) {
    return error instanceof SourceError ? error : undefined;
  } finally {
    clearTimeout(timer);
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
