import bitReader from "unbzip2-stream/lib/bit_iterator.js";
import bzip2 from "unbzip2-stream/lib/bzip2.js";
import { CHUNK_SIZE } from "./byte_stream.ts";

/** What a block of level 1 takes at most, 20 bits a symbol, bytes. */
const LARGEST_BLOCK = 250_000;
/** What the tables of a block take at most, bytes. */
const TABLES = 25_000;

/** Reads so many bits. */
type Bits = ((count: number) => number) & { bytesRead: number };

interface Library {
  /** Reads the head of an archive: the size of its blocks, 100,000 bytes each. */
  header(bits: Bits): number;
  /** Decodes a block; the checksum so far, or `null` for the archive's end. */
  decompress(
    bits: Bits,
    take: (byte: number) => void,
    work: Int32Array,
    size: number,
    checksum: number,
  ): number | null;
}

const library: Library = bzip2;

/**
 * Turns bzip2 archives, one or several in a row, into what they hold. The library's own stream
 * decodes at once all that has come, and of zeros some dozen bytes are 46 MB. Here a block is
 * decoded when the one before it is taken.
 */
export async function* bunzip2(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [new Uint8Array(0)]; // the library takes the first one at once
  const bits: Bits = bitReader(() => {
    const chunk = chunks.shift();
    if (chunk === undefined) throw new Error("unexpected end");
    return chunk;
  });
  const blocks = new Blocks(bits);
  let size = 0;
  for await (const chunk of archive) {
    if (chunk.length === 0) continue;
    chunks.push(chunk);
    size += chunk.length;
    // The library cannot wait for more in the middle of a block.
    while (size - bits.bytesRead >= blocks.need) yield* blocks.next();
  }
  while (size > bits.bytesRead) yield* blocks.next();
  if (!blocks.isAtEnd) throw new Error("unexpected end");
}

/** The blocks of archives, one after the other. */
class Blocks {
  #bits: Bits;
  /** Of the archive that is being read, in the library's unit. */
  #level = 0;
  #checksum = 0;
  #hasBegun = false;

  constructor(bits: Bits) {
    this.#bits = bits;
  }

  /** Whether an archive has ended, and no other has begun. */
  get isAtEnd(): boolean {
    return this.#hasBegun && this.#level === 0;
  }

  /** So many bytes hold the next part, whatever it is. */
  get need(): number {
    return this.#level === 0 ? 4 : TABLES + this.#level * LARGEST_BLOCK;
  }

  /** Reads the next part: the head of an archive, a block, or the end. */
  next(): Uint8Array[] {
    if (this.#level === 0) {
      this.#hasBegun = true;
      this.#level = library.header(this.#bits);
      this.#checksum = 0;
      return [];
    }
    const plain = new Plain();
    const size = this.#level * 100_000;
    const checksum = library.decompress(
      this.#bits,
      (byte) => plain.add(byte),
      new Int32Array(size),
      size,
      this.#checksum,
    );
    if (checksum === null) this.#level = 0;
    else this.#checksum = checksum;
    return plain.pieces();
  }
}

/** Bytes that come one by one. */
class Plain {
  #full: Uint8Array[] = [];
  #piece = new Uint8Array(CHUNK_SIZE);
  #filled = 0;

  add(byte: number): void {
    if (this.#filled === CHUNK_SIZE) {
      this.#full.push(this.#piece);
      this.#piece = new Uint8Array(CHUNK_SIZE);
      this.#filled = 0;
    }
    this.#piece[this.#filled++] = byte;
  }

  pieces(): Uint8Array[] {
    const rest = this.#piece.subarray(0, this.#filled);
    return rest.length === 0 ? this.#full : [...this.#full, rest];
  }
}
