import { pipeline, Readable, type Transform } from "node:stream";
import { createUnzip } from "node:zlib";
import type { ContentEncoding } from "../driver/resource.ts";

/** Turns the bytes of an archive into those it holds; fails when it is corrupt or cut off. */
export type Decoder = (archive: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** The decoders of all encodings of the protocol; what they need is loaded when they are used. */
export const decoders: Readonly<Record<ContentEncoding, Decoder>> = {
  // Reads zlib's framing as well, as the peer does.
  gzip: (archive) => through(archive, createUnzip()),
  xz,
  bz2,
  zstd,
};

async function* xz(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: { XzReadableStream } } = await import("xz-decompress") as unknown as {
    default: { XzReadableStream: new (from: ReadableStream) => AsyncIterable<Uint8Array> };
  };
  yield* new XzReadableStream(ReadableStream.from(archive));
}

async function* bz2(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = await import("./bzip2_decoder.ts");
  yield* decoder.bunzip2(archive);
}

async function* zstd(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = await import("./zstd_decoder.ts");
  yield* decoder.zstd(archive);
}

function through(archive: AsyncIterable<Uint8Array>, transform: Transform): Transform {
  // A failure of the archive's stream is passed on; that of the transform shows when it is read.
  pipeline(Readable.from(archive), transform, () => {});
  return transform;
}
