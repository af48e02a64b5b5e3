/** What a line of input can do to the program that reads it. */
export interface TtyHandlers {
  /** Shows bytes to whoever watches. */
  print(text: string): void;
  /** A line, without its end. */
  onLine(line: string): void;
  /** Ctrl-C. */
  onInterrupt(): void;
  /** Ctrl-D on an empty line. */
  onEnd(): void;
}

/** Longer lines are cut, as by a real terminal driver. */
const MAX_LINE = 4095;

const keys: Record<string, (tty: Tty) => void> = {
  "\r": (tty) => tty.enter(),
  "\n": (tty) => tty.enter(),
  "\b": (tty) => tty.erase(),
  "\x7f": (tty) => tty.erase(),
  "\x03": (tty) => tty.interrupt(),
  "\x04": (tty) => tty.end(),
  "\x15": (tty) => tty.eraseLine(),
};

/** The line discipline of a terminal: echo, backspace, Ctrl-C, Ctrl-D, Ctrl-U, line by line. */
export class Tty {
  #handlers: TtyHandlers;
  #line = "";
  #wasReturn = false;

  constructor(handlers: TtyHandlers) {
    this.#handlers = handlers;
  }

  /** Takes what was typed. */
  feed(text: string): void {
    for (const character of text) {
      // A terminal that sends both ends of a line means one.
      const isSecondEnd = character === "\n" && this.#wasReturn;
      this.#wasReturn = character === "\r";
      if (isSecondEnd) continue;
      const key = keys[character];
      if (key !== undefined) key(this);
      else if (character >= " ") this.#type(character);
    }
  }

  /** Forgets what was typed of a line. */
  reset(): void {
    this.#line = "";
    this.#wasReturn = false;
  }

  enter(): void {
    const line = this.#line;
    this.#line = "";
    this.#handlers.print("\r\n");
    this.#handlers.onLine(line);
  }

  erase(): void {
    if (this.#line === "") return;
    this.#line = [...this.#line].slice(0, -1).join("");
    this.#handlers.print("\b \b");
  }

  eraseLine(): void {
    while (this.#line !== "") this.erase();
  }

  interrupt(): void {
    this.#line = "";
    this.#handlers.print("^C\r\n");
    this.#handlers.onInterrupt();
  }

  end(): void {
    if (this.#line === "") this.#handlers.onEnd();
  }

  #type(character: string): void {
    if (this.#line.length >= MAX_LINE) return;
    this.#line += character;
    this.#handlers.print(character);
  }
}
