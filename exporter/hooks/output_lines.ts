/** Characters after which a line is handed on although it has not ended. */
const LONGEST = 64 * 1024;

/**
 * Cuts a program's output into lines: without trailing white space, without blank lines, escape
 * sequences as they are. What is not UTF-8 is replaced.
 */
export class OutputLines {
  #decoder = new TextDecoder();
  #rest = "";
  #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes the next piece of the output. */
  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Hands on the last line, if it has no end. */
  end(): void {
    this.#take(`${this.#decoder.decode()}\n`);
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    if (this.#rest.length >= LONGEST) {
      lines.push(this.#rest);
      this.#rest = "";
    }
    for (const line of lines) {
      const kept = line.trimEnd();
      if (kept !== "") this.#onLine(kept);
    }
  }
}
