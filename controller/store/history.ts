import type { Plural } from "./objects.ts";
import type { AnyObject } from "./lifecycle.ts";

/** One change, as the store remembers it. */
export interface Change {
  /** The version the change made; grows by one. */
  readonly revision: number;
  /** The collection. */
  readonly plural: Plural;
  /** The object after the change, or as it was deleted; frozen. */
  readonly object: AnyObject;
  /** The object before the change; absent when it is new. */
  readonly before?: AnyObject | undefined;
  /** Whether the object is gone. */
  readonly deleted: boolean;
  /** How much memory the change takes, about, in bytes. */
  readonly size: number;
}

/** How much is remembered. */
export interface HistoryLimits {
  /** The most changes. */
  readonly changes: number;
  /** The most memory, in bytes, about. */
  readonly bytes: number;
}

/** The last changes of a store, in order; what is too old is forgotten. */
export class History {
  readonly #limits: HistoryLimits;
  readonly #changes: Change[] = [];
  #bytes = 0;
  #first = 0;
  #floor: number;
  #last: number;

  constructor(revision: number, limits: HistoryLimits) {
    this.#floor = revision;
    this.#last = revision;
    this.#limits = limits;
  }

  /** The version of the newest change. */
  get last(): number {
    return this.#last;
  }

  /** The oldest version after which every change is remembered. */
  get floor(): number {
    return this.#floor;
  }

  /** Remembers changes. */
  append(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change);
      this.#bytes += change.size;
      this.#last = change.revision;
    }
    const { changes: most, bytes } = this.#limits;
    while (this.#changes.length - this.#first > most || this.#bytes > bytes) {
      const forgotten = this.#changes[this.#first++];
      if (forgotten === undefined) break;
      this.#bytes -= forgotten.size;
      this.#floor = forgotten.revision;
    }
    // Cutting off the front moves all that follows, so it is done once in a while.
    if (this.#first > most / 4 || this.#first === this.#changes.length) {
      this.#changes.splice(0, this.#first);
      this.#first = 0;
    }
  }

  /** The changes after a version that is not older than the floor. */
  *after(revision: number): Generator<Change> {
    let [low, high] = [this.#first, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.revision ?? Infinity) > revision) high = middle;
      else low = middle + 1;
    }
    for (let index = low; index < this.#changes.length; index++) {
      const change = this.#changes[index];
      if (change !== undefined) yield change;
    }
  }
}
