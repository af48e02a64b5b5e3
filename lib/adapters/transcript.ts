/** The end of a text that keeps growing: older text is dropped once there is more than `limit`. */
export class Transcript {
  #limit: number;
  #parts: string[] = [];
  #size = 0;

  /** `limit` in characters. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds text at the end. */
  add(text: string): void {
    if (text === "") return;
    this.#parts.push(text);
    this.#size += text.length;
    // Cut at twice the limit only, so that dropping costs little per character.
    if (this.#size > 2 * this.#limit || this.#parts.length > 4096) this.#compact();
  }

  /** The last `limit` characters. */
  get text(): string {
    this.#compact();
    return this.#parts[0] ?? "";
  }

  /** The last lines that are not blank, without control characters. */
  lastLines(count: number): string[] {
    // deno-lint-ignore no-control-regex
    const readable = this.text.slice(-8192).replace(/\x1b\[[\d;?]*[A-Za-z]|[^\P{Cc}\n]/gu, "");
    return readable.split("\n").filter((line) => line.trim() !== "").slice(-count);
  }

  #compact(): void {
    const text = this.#parts.join("").slice(-this.#limit);
    this.#parts = text === "" ? [] : [text];
    this.#size = text.length;
  }
}
