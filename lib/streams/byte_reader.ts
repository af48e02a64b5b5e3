/** Reads so many bytes at a time from what comes in pieces of any size. */
export class ByteReader {
  #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Whether nothing more comes. */
  async isAtEnd(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const { value, done } = await this.#pieces.next();
      if (done) return true;
      this.#piece = value;
    }
    return false;
  }

  /** So many bytes, in pieces as they come; fails when there are fewer. */
  async *pieces(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (await this.isAtEnd()) throw new Error("unexpected end");
      const piece = this.#piece.subarray(0, left);
      this.#piece = this.#piece.subarray(left);
      left -= piece.length;
      yield piece;
    }
  }

  /** So many bytes in one piece; fails when there are fewer. */
  async exactly(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    let filled = 0;
    for await (const piece of this.pieces(count)) {
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }
}
