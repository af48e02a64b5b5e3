import { terminalColumns } from "@jumpstarter/lib/program";

/** Time between two drawings, milliseconds. */
const INTERVAL = 1_000;
const ERASE = "\r\x1b[K";

/** Where a {@linkcode WaitLine} is drawn. */
export interface WaitLineOptions {
  /** Whether there is a terminal for a line that moves. */
  readonly isTerminal: boolean;
  /** Columns of the terminal as it is now, where that is known. */
  readonly columns: () => number | undefined;
  /** Writes to the terminal. */
  readonly write: (text: string) => void;
  /** Writes a line that stays. */
  readonly note: (line: string) => Promise<void>;
}

/** Says what is waited for, and for how long: a moving line on a terminal, elsewhere one line each. */
export class WaitLine implements Disposable {
  #options: WaitLineOptions;
  #text = "";
  #since = performance.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Lines that are being written: they begin where the moving one would stand. */
  #underway = 0;

  constructor(options: WaitLineOptions) {
    this.#options = options;
  }

  /** Waits for something, or for something else. */
  show(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    if (!this.#options.isTerminal) return void this.#options.note(text).catch(() => {});
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), INTERVAL);
  }

  /** Writes a line that stays above the one that moves. */
  readonly note = async (line: string): Promise<void> => {
    this.#erase();
    this.#underway++;
    try {
      await this.#options.note(line);
    } finally {
      this.#underway--;
      this.#draw();
    }
  };

  #draw(): void {
    if (!this.#options.isTerminal || this.#text === "" || this.#underway > 0) return;
    const seconds = Math.floor((performance.now() - this.#since) / 1000);
    const line = `${this.#text}   ${seconds} s   (Ctrl-C gives up)`;
    // A line that wraps could not be drawn over.
    const columns = this.#options.columns() ?? Infinity;
    this.#options.write(`${ERASE}${line.slice(0, Math.max(0, columns - 1))}`);
  }

  #erase(): void {
    if (this.#options.isTerminal && this.#text !== "") this.#options.write(ERASE);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#erase();
    this.#text = "";
  }
}

/** A line on standard error. */
export function waitLine(note: WaitLineOptions["note"]): WaitLine {
  const encoder = new TextEncoder();
  const isAsked = !["1", "true"].includes(Deno.env.get("NONINTERACTIVE") ?? "");
  return new WaitLine({
    isTerminal: isAsked && Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb",
    columns: terminalColumns,
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
    note,
  });
}
