/** What a terminal is connected to. */
export interface TtyHandlers {
  /** Shows text to whoever watches. */
  print(text: string): void;
  /** Ctrl-C. */
  onInterrupt(): void;
}

/** Longer lines are cut, as by a real terminal driver. */
const MAX_LINE = 4095;
/** Lines typed ahead; more are lost. */
const MAX_LINES = 256;

const keys: Record<string, (tty: Tty) => void> = {
  "\r": (tty) => tty.enter(),
  "\n": (tty) => tty.enter(),
  "\b": (tty) => tty.erase(),
  "\x7f": (tty) => tty.erase(),
  "\x03": (tty) => tty.interrupt(),
  "\x04": (tty) => tty.end(),
  "\x15": (tty) => tty.eraseLine(),
  "\x17": (tty) => tty.eraseWord(),
};

/** What the escape character starts: an arrow key and its like. The shell has no use for them. */
// deno-lint-ignore no-control-regex
const ESCAPE_SEQUENCE = /^\x1b(\[[0-?]*[ -/]*[@-~]|O[A-Za-z]|[^[O\x00-\x1f])/;
// deno-lint-ignore no-control-regex
const UNFINISHED_SEQUENCE = /^\x1b(\[[0-?]*[ -/]*|O)?$/;

/**
 * The line discipline of a terminal: echo, backspace, Ctrl-C, Ctrl-D, Ctrl-U, Ctrl-W. Lines that
 * nobody has read yet wait.
 */
export class Tty {
  #handlers: TtyHandlers;
  #line = "";
  #rest = "";
  #wasReturn = false;
  #lines: (string | null)[] = [];
  #reader: ((line: string | null) => void) | undefined;

  constructor(handlers: TtyHandlers) {
    this.#handlers = handlers;
  }

  /** What was typed of a line that has not ended. */
  get pending(): string {
    return this.#line;
  }

  /** The next line, without its end; `null` for Ctrl-D. One reader at a time. */
  async readLine(signal: AbortSignal): Promise<string | null> {
    signal.throwIfAborted();
    const ready = this.#lines.shift();
    if (ready !== undefined) return ready;
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const leave = () => {
      this.#reader = undefined;
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#reader = resolve;
    return await promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** Takes what was typed. */
  feed(text: string): void {
    let input = this.#rest + text;
    this.#rest = "";
    while (input !== "") {
      if (UNFINISHED_SEQUENCE.test(input)) {
        this.#rest = input;
        return;
      }
      const sequence = ESCAPE_SEQUENCE.exec(input)?.[0];
      const taken = sequence ?? String.fromCodePoint(input.codePointAt(0)!);
      if (sequence === undefined) this.#take(taken);
      input = input.slice(taken.length);
    }
  }

  /** Forgets all that was typed. */
  reset(): void {
    this.#line = "";
    this.#rest = "";
    this.#lines = [];
    this.#wasReturn = false;
  }

  enter(): void {
    const line = this.#line;
    this.#line = "";
    this.#handlers.print("\r\n");
    this.#deliver(line);
  }

  erase(): void {
    if (this.#line === "") return;
    this.#line = [...this.#line].slice(0, -1).join("");
    this.#handlers.print("\b \b");
  }

  eraseLine(): void {
    while (this.#line !== "") this.erase();
  }

  eraseWord(): void {
    while (this.#line.endsWith(" ")) this.erase();
    while (this.#line !== "" && !this.#line.endsWith(" ")) this.erase();
  }

  interrupt(): void {
    this.#line = "";
    this.#lines = [];
    this.#handlers.print("^C\r\n");
    this.#handlers.onInterrupt();
    // Who still waits for a line is the shell: it starts a new one.
    if (this.#reader !== undefined) this.#deliver("");
  }

  end(): void {
    if (this.#line === "") this.#deliver(null);
  }

  #take(character: string): void {
    // A terminal that sends both ends of a line means one.
    const isSecondEnd = character === "\n" && this.#wasReturn;
    this.#wasReturn = character === "\r";
    if (isSecondEnd) return;
    const key = keys[character];
    if (key !== undefined) key(this);
    else if (character >= " " && this.#line.length < MAX_LINE) {
      this.#line += character;
      this.#handlers.print(character);
    }
  }

  #deliver(line: string | null): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader !== undefined) reader(line);
    else if (this.#lines.length < MAX_LINES) this.#lines.push(line);
  }
}
