import type { Json } from "../codec/value.ts";
import { type ImageSink, openSink } from "../streams/sink.ts";
import { type ImageSource, openSource } from "../streams/source.ts";
import { overlap } from "../streams/overlap.ts";
import { webUrl } from "../streams/web_url.ts";
import type { CallOptions, DriverClient } from "./client.ts";
import { Counter, type Transferred } from "./counter.ts";
import { Feeder } from "./feeder.ts";
import type { ContentEncoding, PresignedRequestHandle, ResourceHandle } from "./resource.ts";

/** Options of {@linkcode upload} and {@linkcode download}. */
export interface TransferOptions extends CallOptions {
  /** How the data is compressed on our side; the exporter sees it plain. */
  encoding?: ContentEncoding;
  /** Told after every piece: bytes so far, and bytes in all where known. */
  onProgress?: (done: number, total: number | undefined) => void;
  /** Told, in a sentence, what happens otherwise than asked for; by default it is a warning on the console. */
  onNote?: (text: string) => void | Promise<void>;
}

/** Options of {@linkcode upload}. */
export interface UploadOptions extends TransferOptions {
  /**
   * What the driver holds already. Where the image is a file that begins with it, the rest alone is
   * sent; otherwise all of it.
   */
  arrived?: Transferred;
}

/**
 * Makes the driver call that takes or gives the data. `offset` is the first byte that is sent; other
 * than 0 only where {@linkcode UploadOptions.arrived} is given.
 */
export type TransferCall = (
  handle: ResourceHandle,
  options: CallOptions,
  offset: number,
) => Promise<Json>;

/**
 * Sends an image to a driver: opens it, offers it as a resource, makes the call that takes it, and
 * feeds it while the call runs. The call decides: its error is the one that is thrown, and when it
 * has had enough before the end, the rest is not sent. What is behind an `http(s):` URL the exporter
 * fetches itself.
 */
export async function upload(
  client: DriverClient,
  image: ImageSource,
  call: TransferCall,
  options: UploadOptions = {},
): Promise<Transferred> {
  const url = webUrl(image);
  if (url !== undefined) return await byRequest("GET", url, call, options);
  const count = await counterAfter(image, options);
  const offset = count.result().bytes;
  await using source = await openSource(image, offset);
  count.total = source.size;
  await using resource = await client.openResource(options.encoding ?? null, options);
  const feeder = new Feeder(source, resource.stream, count);
  void feeder.run();
  try {
    await call(resource.handle, options, offset);
  } catch (error) {
    throw feeder.failure ?? error;
  }
  if (feeder.failure !== undefined) throw feeder.failure;
  return count.result();
}

/**
 * Receives an image from a driver while the call that gives it runs. A file appears under its name
 * only when it is whole. To an `http(s):` URL the exporter sends it itself.
 */
export async function download(
  client: DriverClient,
  image: ImageSink,
  call: TransferCall,
  options: TransferOptions = {},
): Promise<Transferred> {
  const url = webUrl(image);
  if (url !== undefined) return await byRequest("PUT", url, call, options);
  await using sink = await openSink(image);
  await using resource = await client.openResource(options.encoding ?? null, options);
  await resource.stream.closeWrite();
  const count = new Counter(options.onProgress);
  const receiving = overlap(() => resource.stream.read(), async (chunk) => {
    await sink.write(chunk);
    count.add(chunk);
  });
  receiving.catch(() => {}); // looked at below, after the call
  // A sink that fails must not leave the call waiting for a reader.
  await Promise.race([call(resource.handle, options, 0), failureOf(receiving)]);
  await receiving;
  await sink.close();
  return count.result();
}

/** Tells the user of a transfer what happens otherwise than asked for. */
export async function note({ onNote }: TransferOptions, text: string): Promise<void> {
  await (onNote ?? console.warn)(text);
}

/** Has the exporter make an HTTP request. The bytes never pass through here, and are sent as they are. */
async function byRequest(
  method: PresignedRequestHandle["method"],
  url: string,
  call: TransferCall,
  options: TransferOptions,
): Promise<Transferred> {
  if (options.encoding !== undefined) {
    await note(
      options,
      `compression "${options.encoding}" is ignored: what is behind a URL is taken as it is`,
    );
  }
  await call({ kind: "presigned_request", method, url, headers: {} }, options, 0);
  return { bytes: 0, sha256: "" };
}

/** A counter that stands where the driver does: after what has arrived, if the image begins with it. */
async function counterAfter(
  image: ImageSource,
  { arrived, onProgress, signal }: UploadOptions,
): Promise<Counter> {
  const count = new Counter(onProgress);
  if (arrived === undefined) return count;
  await using source = await openSource(image);
  for (let left = arrived.bytes; left > 0;) {
    signal?.throwIfAborted();
    const chunk = await source.read();
    if (chunk === null) return new Counter(onProgress);
    const part = chunk.subarray(0, left);
    count.skip(part);
    left -= part.length;
  }
  return count.result().sha256 === arrived.sha256 ? count : new Counter(onProgress);
}

function failureOf(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => work.catch(reject));
}
