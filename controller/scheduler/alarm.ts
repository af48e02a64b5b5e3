/** The longest that a timer can wait, milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Rings once at the earliest of the times that were set; setting it after it rang sets it anew. */
export class Alarm implements Disposable {
  readonly #ring: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = Infinity;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings in so many milliseconds at the latest. */
  within(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (at >= this.#at) return;
    this.clear();
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.#at = Infinity;
      this.#ring();
    }, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER));
  }

  /** Forgets what was set. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
