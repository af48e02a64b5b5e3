/**
 * SIGHUP, which asks a program to read its files anew, and also comes when the terminal goes that the
 * program was started on.
 */
export class Hangup implements Disposable {
  readonly #listener: () => void;

  /** Calls `reload`, or `left` when the terminal is gone. */
  constructor(reload: () => void, left: () => void) {
    const terminals = [Deno.stdin, Deno.stdout, Deno.stderr].filter((end) => end.isTerminal());
    this.#listener = () => terminals.every((end) => end.isTerminal()) ? reload() : left();
    Deno.addSignalListener("SIGHUP", this.#listener);
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGHUP", this.#listener);
  }
}
