import type { LogRecord, LogSink } from "@jumpstarter/lib/driver";

/** Records kept for readers that come late or fall behind. */
const CAPACITY = 1_000;

/**
 * The log of a session: every reader sees every record, from the start of the session on. Memory is
 * bounded; a reader that missed records is told how many.
 */
export class LogHub {
  #records: LogRecord[] = [];
  /** Number of the oldest record that is kept. */
  #first = 0;
  #wake = new Set<() => void>();

  /** Takes a record. */
  readonly sink: LogSink = (record) => {
    this.#records.push(record);
    if (this.#records.length > CAPACITY) {
      this.#records.shift();
      this.#first++;
    }
    for (const wake of this.#wake) wake();
  };

  /** The records from the first one on, without end, until the signal ends it. */
  async *read(signal: AbortSignal): AsyncGenerator<LogRecord> {
    let next = 0;
    while (!signal.aborted) {
      if (next < this.#first) {
        yield dropped(this.#first - next);
        next = this.#first;
      }
      const record = this.#records[next - this.#first];
      if (record === undefined) {
        await this.#more(signal);
        continue;
      }
      next++;
      yield record;
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wake.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#wake.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}

function dropped(count: number): LogRecord {
  return {
    time: Date.now(),
    severity: "WARNING",
    message: `${count} log records dropped: this reader is too slow, or came too late`,
    source: "system",
    logger: "exporter",
  };
}
