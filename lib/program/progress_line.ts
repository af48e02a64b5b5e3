import type { Progress } from "../commands/io.ts";
import { formatProgress, type Transfer } from "../streams/progress.ts";

/** Time between two drawings, milliseconds. */
const INTERVAL = 100;

/** Where a {@linkcode ProgressLine} is drawn. */
export interface ProgressLineOptions {
  /** Whether there is a terminal. */
  readonly isTerminal: boolean;
  /** Columns of the terminal as it is now, where that is known. */
  readonly columns?: () => number | undefined;
  /** Writes to the terminal. */
  readonly write: (text: string) => void;
}

/** Shows a transfer as a moving line on a terminal; elsewhere, nothing moves. */
export class ProgressLine implements Progress {
  #label: string;
  #options: ProgressLineOptions;
  #started = performance.now();
  #drawn = -Infinity;

  constructor(label: string, options: ProgressLineOptions) {
    this.#label = label;
    this.#options = options;
  }

  update(done: number, total?: number): void {
    const { isTerminal, columns, write } = this.#options;
    const now = performance.now();
    if (!isTerminal || now - this.#drawn < INTERVAL) return;
    this.#drawn = now;
    const transfer = { label: this.#label, done, total, elapsed: now - this.#started };
    write(`\r\x1b[K${fitted(transfer, columns?.())}`);
  }

  [Symbol.dispose](): void {
    if (this.#options.isTerminal && this.#drawn > 0) this.#options.write("\r\x1b[K");
    this.#drawn = -Infinity;
  }
}

/**
 * A line that would wrap could not be drawn over. The label gives way first, from its front; the last
 * column stays free, for terminals that wrap when it is taken.
 */
function fitted(transfer: Transfer, columns: number | undefined): string {
  const line = formatProgress(transfer);
  if (columns === undefined || line.length < columns) return line;
  const { label } = transfer;
  const kept = label.length - (line.length - columns + 1) - 1;
  const shorter = `…${label.slice(label.length - Math.max(0, kept))}`;
  return formatProgress({ ...transfer, label: shorter }).slice(0, Math.max(0, columns - 1));
}
