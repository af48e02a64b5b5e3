/** Ctrl-B, three times in a row, leaves a console. */
const ESCAPE = 0x02;
const REPEATS = 3;

/** What a chunk of keys means: what the device gets, and whether the user leaves. */
export interface Keys {
  /** What is to be sent on. */
  readonly forward: Uint8Array;
  /** Whether the sequence is complete. */
  readonly isLeaving: boolean;
}

/**
 * Finds three Ctrl-B in a row in what is typed, across chunks. The first two are passed on as they
 * come, so that a single Ctrl-B reaches the device without delay; the third and all after it are not.
 */
export class EscapeSequence {
  #repeats = 0;

  /** Looks at the next keys. */
  feed(keys: Uint8Array): Keys {
    for (const [index, key] of keys.entries()) {
      this.#repeats = key === ESCAPE ? this.#repeats + 1 : 0;
      if (this.#repeats === REPEATS) {
        this.#repeats = 0;
        return { forward: keys.subarray(0, index), isLeaving: true };
      }
    }
    return { forward: keys, isLeaving: false };
  }
}
