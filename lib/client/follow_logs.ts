import type { LogRecord } from "../driver/log.ts";
import { RpcError, type StatusName } from "../rpc/status.ts";

/** Attempts in a row to open the log again before it is given up. */
const MAX_ATTEMPTS = 10;

/** The exporter has no log, or wants it read no more. */
const FINAL: readonly StatusName[] = ["CANCELLED", "UNIMPLEMENTED"];

/** Milliseconds before an attempt to open the log again, by the number of those before it. */
export function reopenDelay(attempts: number): number | undefined {
  return attempts < MAX_ATTEMPTS ? Math.min(100 * 2 ** attempts, 2_000) : undefined;
}

/**
 * Reads a log, and opens it again when it breaks: `open` yields it from its start, or from where
 * somebody else has stopped to read, as exporters do it one way or the other. What was read is not
 * read again.
 */
export async function* followLogs(
  open: () => AsyncIterable<LogRecord>,
  signal: AbortSignal,
): AsyncGenerator<LogRecord> {
  const seen = new Seen();
  for (let attempts = 0; !signal.aborted;) {
    try {
      for await (const record of open()) {
        if (seen.has(record)) continue;
        attempts = 0;
        yield record;
      }
    } catch (error) {
      const { cause } = error as Error;
      if (!(cause instanceof RpcError)) throw error;
      if (FINAL.includes(cause.status)) return;
    }
    const delay = reopenDelay(attempts++);
    if (delay === undefined) return;
    seen.startAgain();
    await pause(delay, signal);
  }
}

/** Tells the records of a log that is read from its start again from those that are new. */
class Seen {
  #latest = -Infinity;
  #atLatest = new Set<string>();
  #isReplaying = false;

  startAgain(): void {
    this.#isReplaying = true;
  }

  has({ time, message }: LogRecord): boolean {
    const isNew = time > this.#latest || (time === this.#latest && !this.#atLatest.has(message));
    if (this.#isReplaying && !isNew) return true;
    this.#isReplaying = false;
    if (time !== this.#latest) this.#atLatest.clear();
    this.#latest = time;
    this.#atLatest.add(message);
    return false;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
