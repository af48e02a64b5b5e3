import type { Progress } from "../commands/io.ts";
import { formatProgress } from "../streams/progress.ts";

/** Time between two drawings, milliseconds. */
const INTERVAL = 100;

/** Shows a transfer as a moving line on a terminal; elsewhere, nothing moves. */
export class ProgressLine implements Progress {
  #label: string;
  #isTerminal: boolean;
  #write: (text: string) => void;
  #started = performance.now();
  #drawn = -Infinity;

  constructor(label: string, options: { isTerminal: boolean; write: (text: string) => void }) {
    this.#label = label;
    this.#isTerminal = options.isTerminal;
    this.#write = options.write;
  }

  update(done: number, total?: number): void {
    const now = performance.now();
    if (!this.#isTerminal || now - this.#drawn < INTERVAL) return;
    this.#drawn = now;
    const elapsed = now - this.#started;
    this.#write(`\r\x1b[K${formatProgress({ label: this.#label, done, total, elapsed })}`);
  }

  [Symbol.dispose](): void {
    if (this.#isTerminal && this.#drawn > 0) this.#write("\r\x1b[K");
    this.#drawn = -Infinity;
  }
}
