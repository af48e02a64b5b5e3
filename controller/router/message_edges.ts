import { Buffer } from "node:buffer";

/** The message that ends one direction, as it is on the wire: a frame of type GOAWAY. */
export const GOAWAY: Buffer = Buffer.from([0, 0, 0, 0, 2, 0x10, 0x07]);

/** Bytes before each gRPC message: a flag and the length. */
const PREFIX = 5;
const GOAWAY_BODY = GOAWAY.readUInt16BE(PREFIX);

/**
 * Follows the lengths of the gRPC messages in a stream of bytes, to know where a message of ours
 * may stand: inside another message, it would be taken for a part of it.
 */
export class MessageEdges {
  /** Bytes of the prefix that were seen, up to all of them. */
  #prefix = 0;
  #length = 0;
  /** Bytes of the message that are still to come, once the prefix is complete. */
  #missing = 0;
  /** The last two bytes of a message of two bytes. */
  #body = 0;

  /** Whether the last message is complete. */
  get isAtEdge(): boolean {
    return this.#prefix === 0;
  }

  /** Whether the last message ends the direction. */
  get isEnded(): boolean {
    return this.isAtEdge && this.#length === 2 && this.#body === GOAWAY_BODY;
  }

  /** Takes the next bytes. */
  follow(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#prefix === PREFIX) at += this.#skip(bytes, at);
      else this.#readPrefix(bytes[at++]!);
    }
  }

  #readPrefix(byte: number): void {
    // The first byte is the flag, and no part of the length.
    this.#length = this.#prefix === 0 ? 0 : this.#length * 256 + byte;
    this.#prefix++;
    this.#missing = this.#length;
    if (this.#prefix === PREFIX && this.#missing === 0) this.#prefix = 0;
  }

  #skip(bytes: Uint8Array, start: number): number {
    const size = Math.min(this.#missing, bytes.length - start);
    if (this.#length === 2) {
      for (let at = start; at < start + size; at++) {
        this.#body = (this.#body << 8 | bytes[at]!) & 0xffff;
      }
    }
    this.#missing -= size;
    if (this.#missing === 0) this.#prefix = 0;
    return size;
  }
}
