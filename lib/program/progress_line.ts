import type { Progress } from "../commands/io.ts";
import { formatProgress } from "../streams/progress.ts";

/** Time between two drawings, milliseconds. */
const INTERVAL = 100;

/** Shows a transfer as one moving line on a terminal, as a single last line elsewhere. */
export class ProgressLine implements Progress {
  #label: string;
  #total: number | undefined;
  #isTerminal: boolean;
  #write: (text: string) => void;
  #started = performance.now();
  #drawn = -Infinity;
  #done = 0;

  constructor(
    label: string,
    total: number | undefined,
    options: { isTerminal: boolean; write: (text: string) => void },
  ) {
    this.#label = label;
    this.#total = total;
    this.#isTerminal = options.isTerminal;
    this.#write = options.write;
  }

  update(done: number): void {
    this.#done = done;
    const now = performance.now();
    if (!this.#isTerminal || now - this.#drawn < INTERVAL) return;
    this.#drawn = now;
    this.#write(`\r\x1b[K${this.#line(now)}`);
  }

  [Symbol.dispose](): void {
    if (this.#isTerminal) this.#write("\r\x1b[K");
    else this.#write(`${this.#line(performance.now())}\n`);
  }

  #line(now: number): string {
    return formatProgress({
      label: this.#label,
      done: this.#done,
      total: this.#total,
      elapsed: now - this.#started,
    });
  }
}
