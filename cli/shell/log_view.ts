import { followLogs } from "@jumpstarter/lib/client";
import type { LogRecord, LogSink } from "@jumpstarter/lib/driver";

/** Milliseconds that waiting for the end of what is said may take at most. */
const PATIENCE = 1_000;

/** What a {@linkcode LogView} does with the log that it reads. */
export interface LogViewOptions {
  /** Takes what is to be seen. */
  readonly sink: LogSink;
  /** Shows all that the exporter logs: otherwise its hooks' output and its notices only. */
  readonly showsAll: boolean;
  /** Told of a hook's record: the exporter's status may have changed. */
  readonly onHook: () => void;
}

/** Shows an exporter's log while a shell is open on it. */
export class LogView implements AsyncDisposable {
  #options: LogViewOptions;
  #latest = performance.now();
  #closing = new AbortController();
  #reading: Promise<void>;

  /** `open` opens the log; it is called again when the log breaks. */
  constructor(open: (signal: AbortSignal) => AsyncIterable<LogRecord>, options: LogViewOptions) {
    this.#options = options;
    this.#reading = this.#read(open);
  }

  /** Settles once nothing has come for so many milliseconds: a log does not say that it is at its end. */
  async settled(quiet: number): Promise<void> {
    const start = performance.now();
    for (;;) {
      const now = performance.now();
      const left = Math.min(Math.max(this.#latest, start) + quiet, start + PATIENCE) - now;
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
    }
  }

  async #read(open: (signal: AbortSignal) => AsyncIterable<LogRecord>): Promise<void> {
    const { signal } = this.#closing;
    const { sink, showsAll, onHook } = this.#options;
    for await (const record of followLogs(() => open(signal), signal)) {
      this.#latest = performance.now();
      if (isOfHook(record)) onHook();
      if (isSeen(record, showsAll)) sink(record);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#reading;
  }
}

/** Whether a record of an exporter's log is shown. */
export function isSeen(record: LogRecord, showsAll: boolean): boolean {
  const { message, fields = {} } = record;
  if (isOfHook(record) || fields.notice !== undefined) return true;
  // How old exporters log a client's call that they do not know.
  const isChatter = message.includes("raised by servicer method") &&
    message.includes("NotImplementedError");
  return showsAll && !isChatter;
}

function isOfHook({ source }: LogRecord): boolean {
  return source === "beforeLease" || source === "afterLease";
}
