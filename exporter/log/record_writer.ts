import type { LogRecord } from "@jumpstarter/lib/driver";
import { droppedRecord } from "./dropped.ts";

/** Characters that may wait to be written. */
const MOST_WAITING = 1024 * 1024;
/** Those of them that are kept for warnings and worse, when there are too many of the others. */
const RESERVE = MOST_WAITING / 4;

/** What a {@linkcode RecordWriter} writes with. */
export interface RecordWriterOptions {
  /** Makes a line of a record. */
  readonly line: (record: LogRecord) => string;
  /** Writes lines, without the end of the last one; settles when they are taken. */
  readonly write: (lines: string) => Promise<void>;
}

/**
 * Writes records as lines, never keeping anybody waiting: when whoever reads them is too slow, a line
 * says how many were dropped, where they would have stood. Memory is bounded.
 */
export class RecordWriter {
  #options: RecordWriterOptions;
  #lines: string[] = [];
  #waiting = 0;
  #dropped = 0;
  #writing: Promise<void> | undefined;

  constructor(options: RecordWriterOptions) {
    this.#options = options;
  }

  /** Takes a record. */
  push(record: LogRecord): void {
    const isUrgent = record.severity !== "INFO" && record.severity !== "DEBUG";
    if (this.#waiting >= (isUrgent ? MOST_WAITING : MOST_WAITING - RESERVE)) {
      this.#dropped++;
      return;
    }
    this.#tellDropped();
    this.#add(record);
    this.#writing ??= this.#writeAll();
  }

  /** Settles when all is written, or after so many milliseconds. */
  async flush(timeout: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(() => late.resolve(), timeout);
    await Promise.race([this.#writing, late.promise]);
    clearTimeout(timer);
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve(); // records that come together are written together
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      this.#lines = [];
      this.#waiting = 0;
      try {
        await this.#options.write(lines.join("\n"));
      } catch {
        // Nobody reads any more, or the disk is full: that must not end the session. The next record
        // tries again.
        this.#dropped += lines.length;
        break;
      }
      this.#tellDropped();
    }
    this.#writing = undefined;
  }

  #tellDropped(): void {
    if (this.#dropped === 0) return;
    this.#add(droppedRecord(this.#dropped, "they came faster than they could be written"));
    this.#dropped = 0;
  }

  #add(record: LogRecord): void {
    const line = this.#options.line(record);
    this.#lines.push(line);
    this.#waiting += line.length + 1;
  }
}
