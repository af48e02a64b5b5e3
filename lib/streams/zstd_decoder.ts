import { Decompress } from "fzstd";
import xxhash from "xxhash-wasm";
import { ByteReader } from "./byte_reader.ts";

const MAGIC = 0xfd2f_b528;
/** The first of sixteen beginnings of what a reader leaves out. */
const SKIPPABLE = 0x184d_2a50;
const ID_SIZES = [0, 1, 2, 4] as const;
const LENGTH_SIZES = [0, 2, 4, 8] as const;
const RUN = 1;

/**
 * Unpacks a zstd archive of any number of frames. The bounds and the checksums are looked after
 * here: the library trusts both. (That of Deno 2.9 takes an archive that is cut off for a whole one,
 * and ends the process over a wrong checksum.)
 */
export async function* zstd(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteReader(archive);
  const { create64 } = await xxhash();
  do {
    const beginning = await bytes.exactly(4);
    const magic = number(beginning);
    if (magic === MAGIC) yield* frame(beginning, bytes, create64());
    else if (magic >>> 4 === SKIPPABLE >>> 4) await skip(bytes);
    else throw new Error("no zstd frame");
  } while (!await bytes.isAtEnd());
}

async function* frame(
  beginning: Uint8Array,
  bytes: ByteReader,
  hash: { update(bytes: Uint8Array): unknown; digest(): bigint },
): AsyncGenerator<Uint8Array> {
  const unpacked: Uint8Array[] = [];
  const decompress = new Decompress((chunk) => {
    hash.update(chunk);
    unpacked.push(chunk);
  });
  decompress.push(beginning);
  const descriptor = await bytes.exactly(1);
  decompress.push(descriptor);
  const flags = descriptor[0]!;
  for await (const piece of bytes.pieces(headerSize(flags))) decompress.push(piece);
  for (let isLast = false; !isLast;) {
    const head = await bytes.exactly(3);
    decompress.push(head);
    const block = number(head);
    isLast = (block & 1) === 1;
    const size = (block >> 1 & 3) === RUN ? 1 : block >> 3;
    for await (const piece of bytes.pieces(size)) decompress.push(piece);
    yield* unpacked.splice(0);
  }
  const checksum = (flags & 4) === 0 ? undefined : await bytes.exactly(4);
  decompress.push(checksum ?? new Uint8Array(0), true);
  yield* unpacked;
  if (checksum !== undefined && Number(hash.digest() & 0xffff_ffffn) !== number(checksum)) {
    throw new Error("wrong checksum");
  }
}

/** What follows the descriptor: window, dictionary and length, as far as they are there. */
function headerSize(flags: number): number {
  const isOneSegment = (flags & 0x20) !== 0;
  const lengthSize = LENGTH_SIZES[flags >> 6]! || (isOneSegment ? 1 : 0);
  return (isOneSegment ? 0 : 1) + ID_SIZES[flags & 3]! + lengthSize;
}

async function skip(bytes: ByteReader): Promise<void> {
  const size = number(await bytes.exactly(4));
  for await (const _ of bytes.pieces(size));
}

/** Of up to four bytes, the lowest first. */
function number(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
