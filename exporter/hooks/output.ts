import { OutputLines } from "./output_lines.ts";
import type { Pty } from "./pty.ts";

/** How long the rest of the output is read after the script has ended. */
const DRAIN = { time: 2_000, size: 256 * 1024, quietReads: 10 };
/** Milliseconds that one read waits for output. */
const READ_TIMEOUT = 100;

/** What a script writes to its terminal, handed on in lines. */
export class Output {
  /** Ends with the terminal, or some time after {@linkcode drain}. */
  readonly done: Promise<void>;
  #isClosed = false;
  #deadline = Infinity;

  constructor(terminal: Pty, onLine: (line: string) => void) {
    this.done = this.#read(terminal, new OutputLines(onLine));
  }

  /** Whether no process has the terminal open any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Reads what is left, but does not wait long for processes in the background. */
  drain(): void {
    this.#deadline = performance.now() + DRAIN.time;
  }

  async #read(terminal: Pty, lines: OutputLines): Promise<void> {
    let size = 0;
    let quietReads = 0;
    const isEnough = () =>
      size >= DRAIN.size || quietReads >= DRAIN.quietReads || performance.now() >= this.#deadline;
    while (!isEnough()) {
      const bytes = await terminal.read(READ_TIMEOUT);
      if (bytes === null) {
        this.#isClosed = true;
        break;
      }
      lines.push(bytes);
      if (this.#deadline === Infinity) continue;
      size += bytes.length;
      quietReads = bytes.length === 0 ? quietReads + 1 : 0;
    }
    lines.end();
  }
}
