import type { HttpAnswer } from "./http_exchange.ts";
import { soughtPosition, type StoreFile } from "./store.ts";

/** Begins to fetch a file from a position on. */
export type Fetch = (position: number) => Promise<HttpAnswer>;

/**
 * A file being read over HTTP: fetched from where the position is, as it is read. One whose server
 * breaks off before the end is an error, never a short file.
 */
export class RemoteFile implements StoreFile {
  #fetch: Fetch;
  #size: number | undefined;
  #position = 0;
  #answer: HttpAnswer | undefined;
  /** Fetched, and not read yet. */
  #rest: Uint8Array = new Uint8Array();

  /** `size` is that of the file in bytes, where it is known. */
  constructor(size: number | undefined, fetch: Fetch) {
    this.#size = size;
    this.#fetch = fetch;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    if (this.#rest.length === 0) {
      const next = await this.#next();
      if (next === null) return null;
      this.#rest = next;
    }
    const part = this.#rest.subarray(0, buffer.length);
    buffer.set(part);
    this.#rest = this.#rest.subarray(part.length);
    this.#position += part.length;
    return part.length;
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#size !== undefined && this.#position >= this.#size) return null;
    this.#answer ??= await this.#begin();
    for (;;) {
      const chunk = await this.#answer.read();
      if (chunk === null) break;
      if (chunk.length > 0) return chunk;
    }
    if (this.#size === undefined) return null;
    throw new Error(`the server ends it after ${this.#position} of ${this.#size} bytes`);
  }

  async #begin(): Promise<HttpAnswer> {
    const answer = await this.#fetch(this.#position);
    // A server that knows no ranges sends all of it.
    let surplus = answer.status === 206 ? 0 : this.#position;
    while (surplus > 0) {
      const chunk = await answer.read();
      if (chunk === null) break;
      this.#rest = chunk.subarray(surplus);
      surplus -= chunk.length;
    }
    const { read } = answer;
    const first = this.#rest;
    this.#rest = new Uint8Array();
    let isFirst = first.length > 0;
    return {
      ...answer,
      read: () => isFirst ? (isFirst = false, Promise.resolve(first)) : read(),
    };
  }

  write(): Promise<number> {
    return Promise.reject(new Error("it is open for reading"));
  }

  // deno-lint-ignore require-await -- what is refused is refused by the promise
  async seek(offset: number, whence: Deno.SeekMode): Promise<number> {
    const sought = soughtPosition(offset, whence, this.#position, this.#size);
    if (sought !== this.#position) {
      this.close();
      this.#position = sought;
    }
    return sought;
  }

  close(): void {
    this.#answer?.cancel();
    this.#answer = undefined;
    this.#rest = new Uint8Array();
  }
}
