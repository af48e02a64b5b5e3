import { createHash } from "node:crypto";

/**
 * What passed through here, as it is on our side. Of what the exporter fetched from a URL by itself,
 * or sent to one, that is nothing, and there is no hash.
 */
export interface Transferred {
  /** How many. */
  bytes: number;
  /** Lower-case hex; empty where nothing is known. */
  sha256: string;
}

/** Counts and hashes what is transferred. */
export class Counter {
  /** Bytes in all, where that is known. */
  total: number | undefined;
  #hash = createHash("sha256");
  #bytes = 0;
  #onProgress: ((done: number, total: number | undefined) => void) | undefined;

  /** `onProgress` is told after every piece. */
  constructor(onProgress?: (done: number, total: number | undefined) => void) {
    this.#onProgress = onProgress;
  }

  /** Counts what has just been transferred, and tells of it. */
  add(chunk: Uint8Array): void {
    this.skip(chunk);
    this.#onProgress?.(this.#bytes, this.total);
  }

  /** Counts what was transferred before. */
  skip(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }

  /** All of it so far. */
  result(): Transferred {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }
}
