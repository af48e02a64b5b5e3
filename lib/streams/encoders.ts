import { pipeline, Readable, type Transform } from "node:stream";
import { constants, createGzip, createZstdCompress } from "node:zlib";
import type { ContentEncoding } from "../driver/resource.ts";
import { NotImplementedError } from "../errors.ts";

/** Turns bytes into an archive that holds them, and does not keep them. */
export type Encoder = (plain: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** The encoders of all encodings of the protocol; what they need is loaded when they are used. */
export const encoders: Readonly<Record<ContentEncoding, Encoder>> = {
  gzip: (plain) => through(plain, createGzip()),
  xz,
  bz2,
  zstd: (plain) =>
    through(plain, createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })),
};

/** An image is sent faster than the higher ones pack it, and they gain little. */
const XZ_PRESET = 1;

async function* xz(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { xz: { compressStream } } = await nativeXz();
  yield* compressStream(ReadableStream.from(plain), { preset: XZ_PRESET });
}

async function nativeXz(): Promise<typeof import("@napi-rs/lzma")> {
  try {
    return await import("@napi-rs/lzma");
  } catch (cause) {
    // A native library: it wants the permission "ffi", and is not made for every machine.
    const reason = (cause as Error).message.split("\n")[0];
    const message = `xz cannot be written here (${reason}); take gzip, bz2 or zstd`;
    throw new NotImplementedError(message, { cause });
  }
}

async function* bz2(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { bzip2 } = await import("./bzip2/encoder.ts");
  yield* bzip2(plain);
}

function through(plain: AsyncIterable<Uint8Array>, transform: Transform): Transform {
  // A failure of the source is passed on; that of the transform shows when it is read.
  pipeline(Readable.from(plain), transform, () => {});
  return transform;
}
