import { Buffer } from "node:buffer";
import { writeFully } from "./connection.ts";

/** Zeros that are worth a hole, bytes. */
const HOLE = 65_536;
const ZEROS = new Uint8Array(HOLE);

/** The part of a file that a {@linkcode SparseFile} needs. */
type File = Pick<Deno.FsFile, "write" | "seek" | "truncate">;

/**
 * Writes a regular file from where it stands, and leaves holes where nothing but zeros come, so that
 * a sparse image stays sparse. What lies there already must not matter: a new file, or its end.
 */
export class SparseFile {
  #file: File;
  #position: number;
  /** Zeros before the position that are not in the file yet. */
  #zeros = 0;

  /** `position` is where the file stands, bytes. */
  constructor(file: File, position = 0) {
    this.#file = file;
    this.#position = position;
  }

  /** Takes the next bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    let start = 0;
    let end = 0;
    while (end < bytes.length) {
      const from = end;
      end = Math.min(bytes.length, from + HOLE - this.#position % HOLE);
      this.#position += end - from;
      if (!isZero(bytes.subarray(from, end))) continue;
      await this.#put(bytes.subarray(start, from));
      this.#zeros += end - from;
      start = end;
    }
    await this.#put(bytes.subarray(start));
  }

  /** Gives the file its length, which a hole at its end does not. */
  async finish(): Promise<void> {
    if (this.#zeros === 0) return;
    await this.#file.truncate(this.#position);
    await this.#file.seek(this.#zeros, Deno.SeekMode.Current);
    this.#zeros = 0;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#zeros >= HOLE) await this.#file.seek(this.#zeros, Deno.SeekMode.Current);
    else if (this.#zeros > 0) await writeFully(this.#file, ZEROS.subarray(0, this.#zeros));
    this.#zeros = 0;
    await writeFully(this.#file, bytes);
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0;
}
