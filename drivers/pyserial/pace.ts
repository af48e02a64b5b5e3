import { unlessAborted } from "@jumpstarter/lib/streams";

/** Milliseconds that a timer may come late; what is late by more is not caught up with. */
const TIMER_SLACK = 2;

/** Spreads bytes over time: one byte a write, `cps` writes a second. */
export class Pace {
  #interval: number;
  #due = 0;

  /** Characters per second. */
  constructor(cps: number) {
    this.#interval = 1000 / cps;
  }

  /** Writes bytes one by one. Nothing is waited for after the last, but the next call waits for it. */
  async write(
    bytes: Uint8Array,
    write: (byte: Uint8Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    for (let index = 0; index < bytes.length; index++) {
      await sleepUntil(this.#due, signal);
      await write(bytes.subarray(index, index + 1));
      this.#due = Math.max(this.#due, performance.now() - TIMER_SLACK) + this.#interval;
    }
  }
}

/** Resolves at the time, fails with the signal's reason before. */
async function sleepUntil(time: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const wait = time - performance.now();
  if (wait <= 0) return;
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, wait);
  try {
    await unlessAborted(() => over.promise, signal);
  } finally {
    clearTimeout(timer);
  }
}
