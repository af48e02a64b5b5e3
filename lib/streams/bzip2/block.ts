import { suffixArray } from "./suffix_array.ts";

/** The checksum's table: CRC-32, the highest bit first. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc;
});

/** What the end of a run may add. */
const ROOM = 5;

/** A block while it fills up: runs of four and more equal bytes are shortened on the way in. */
export class Block {
  #bytes: Uint8Array;
  #length = 0;
  #crc = -1;
  #run = 0;
  #runByte = -1;

  /** `size` is that of the format: a multiple of 100,000. */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size - 19);
  }

  get isEmpty(): boolean {
    return this.#length === 0 && this.#run === 0;
  }

  get isFull(): boolean {
    return this.#length > this.#bytes.length - 2 * ROOM;
  }

  /** The checksum of what went in. */
  get crc(): number {
    return ~this.#crc >>> 0;
  }

  /** Takes bytes from `start` on until it is full; where it stopped. */
  fill(bytes: Uint8Array, start: number): number {
    let crc = this.#crc;
    let i = start;
    for (; i < bytes.length && !this.isFull; i++) {
      const byte = bytes[i]!;
      crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ byte]!;
      if (byte === this.#runByte && this.#run < 255) {
        this.#run++;
      } else {
        this.#endRun();
        this.#runByte = byte;
        this.#run = 1;
      }
    }
    this.#crc = crc;
    return i;
  }

  /**
   * The last column of the sorted rotations of the block (the Burrows-Wheeler transform), and the
   * row that is the block itself. The block is empty after it.
   */
  transform(): { column: Uint8Array; row: number } {
    this.#endRun();
    const size = this.#length;
    // Suffixes of the text twice in a row are in the order of its rotations.
    const twice = new Uint8Array(2 * size);
    twice.set(this.#bytes.subarray(0, size));
    twice.set(this.#bytes.subarray(0, size), size);
    const column = new Uint8Array(size);
    let row = 0;
    let filled = 0;
    for (const start of suffixArray(twice, 255)) {
      if (start >= size) continue;
      if (start === 0) row = filled;
      column[filled++] = twice[start + size - 1]!;
    }
    this.#length = 0;
    this.#crc = -1;
    return { column, row };
  }

  #endRun(): void {
    for (let i = Math.min(this.#run, 4); i > 0; i--) this.#bytes[this.#length++] = this.#runByte;
    if (this.#run >= 4) this.#bytes[this.#length++] = this.#run - 4;
    this.#run = 0;
    this.#runByte = -1;
  }
}
