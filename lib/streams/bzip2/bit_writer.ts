/** Packs numbers of any width into bytes, the highest bit first. */
export class BitWriter {
  #bytes = new Uint8Array(65_536);
  #length = 0;
  /** Bits that do not fill a byte yet. */
  #pending = 0;
  #count = 0;

  /** Appends the lowest `width` bits of `value`, 24 at most. */
  write(value: number, width: number): void {
    this.#pending = (this.#pending << width) | value;
    this.#count += width;
    while (this.#count >= 8) {
      this.#count -= 8;
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length++] = this.#pending >>> this.#count;
    }
    this.#pending &= (1 << this.#count) - 1;
  }

  /** Appends the bytes of a number, the highest first. */
  writeBytes(value: number, bytes: number): void {
    for (let shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      this.write(Math.floor(value / 2 ** shift) & 0xff, 8);
    }
  }

  /** The whole bytes so far; they are no longer here after it. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** All that is left, filled up with zeros to a whole byte. */
  finish(): Uint8Array {
    if (this.#count > 0) this.write(0, 8 - this.#count);
    return this.take();
  }

  #grow(): void {
    const grown = new Uint8Array(2 * this.#bytes.length);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
