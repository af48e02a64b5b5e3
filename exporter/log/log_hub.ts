import type { LogRecord, LogSink } from "@jumpstarter/lib/driver";
import { boundedRecord, sizeOf } from "./bounded_record.ts";
import { droppedRecord } from "./dropped.ts";

/** Records kept for readers that come late or fall behind. */
const CAPACITY = 1_000;
/** Characters that they may take together. */
const MOST_CHARACTERS = 2 * 1024 * 1024;

/**
 * The log of a session: every reader sees every record, from the start of the session on. Memory is
 * bounded, by number and by size; a reader that missed records is told how many, and no reader slows
 * down whoever logs.
 */
export class LogHub {
  /** A ring: record `n` stands at `n % CAPACITY`. */
  #ring: (LogRecord | undefined)[] = [];
  /** Number of the oldest record that is kept. */
  #first = 0;
  /** Number of the next record. */
  #end = 0;
  #characters = 0;
  #waiting = new Set<() => void>();

  /** Takes a record. */
  readonly sink: LogSink = (given) => {
    const record = boundedRecord(given);
    if (this.#end - this.#first === CAPACITY) this.#forget();
    this.#ring[this.#end++ % CAPACITY] = record;
    this.#characters += sizeOf(record);
    while (this.#characters > MOST_CHARACTERS) this.#forget();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  };

  /** The records from the first one on, without end, until the signal ends it. */
  async *read(signal: AbortSignal): AsyncGenerator<LogRecord> {
    let why = "they came before this reader, and are not kept any more";
    for (let next = 0; !signal.aborted;) {
      const record = this.#ring[next % CAPACITY];
      if (next === this.#end) {
        await this.#more(signal);
      } else if (next < this.#first) {
        const count = this.#first - next;
        next = this.#first;
        yield droppedRecord(count, why);
      } else {
        next++;
        yield record!;
      }
      why = "this reader is too slow";
    }
  }

  #forget(): void {
    const place = this.#first++ % CAPACITY;
    this.#characters -= sizeOf(this.#ring[place]!);
    this.#ring[place] = undefined;
  }

  async #more(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal.addEventListener("abort", wake);
    await promise;
    signal.removeEventListener("abort", wake);
    this.#waiting.delete(wake);
  }
}
