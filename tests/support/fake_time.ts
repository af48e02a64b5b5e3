const { setTimeout: later, clearTimeout: forget } = globalThis;
const now = performance.now;

/** A timer that is not due yet. */
interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/**
 * A clock that a test moves: `performance.now()`, `setTimeout()` and `clearTimeout()` of our code, in
 * this process, until it is disposed. Packages from npm and `node:timers` keep the real one.
 */
export class FakeTime implements Disposable {
  #now = 0;
  #last = 0;
  #timers = new Map<number, Timer>();

  constructor() {
    performance.now = () => this.#now;
    Object.assign(globalThis, {
      setTimeout: (run: () => void, delay = 0) => {
        this.#timers.set(++this.#last, { due: this.#now + delay, run });
        return this.#last;
      },
      clearTimeout: (id: number) => this.#timers.delete(id),
    });
  }

  /** Lets milliseconds pass. Timers that become due run in order, and what they lead to as well. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await new Promise<void>((settled) => later(settled, 0));
      const [id, next] = [...this.#timers].toSorted(([, a], [, b]) => a.due - b.due)[0] ?? [];
      if (next === undefined || next.due > end) break;
      this.#timers.delete(id!);
      this.#now = Math.max(this.#now, next.due);
      next.run();
    }
    this.#now = end;
  }

  [Symbol.dispose](): void {
    performance.now = now;
    Object.assign(globalThis, { setTimeout: later, clearTimeout: forget });
  }
}
