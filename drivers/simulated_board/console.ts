import { Shell } from "./shell.ts";
import type { System } from "./system.ts";
import { Tty } from "./tty.ts";

/** What a console needs of the computer. */
export interface ConsoleHost {
  /** Puts text on the serial line. */
  print(text: string): void;
  /** Settles after so many milliseconds; fails when the signal ends it. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** A program starts to keep the processor busy, or stops. */
  onBusy(isBusy: boolean): void;
}

/** What the serial line leads to: a terminal, a login, a shell. */
export class Console {
  #host: ConsoleHost;
  #tty: Tty;
  /** The program that runs, if any: Ctrl-C ends it. */
  #program: AbortController | undefined;
  /** What stands before what is typed. */
  #prompt = "";

  constructor(host: ConsoleHost) {
    this.#host = host;
    this.#tty = new Tty({ print: host.print, onInterrupt: () => this.#program?.abort() });
  }

  /** Takes text from the serial line. */
  type(text: string): void {
    this.#tty.feed(text);
  }

  /** Forgets all that was typed and shown. */
  reset(): void {
    this.#tty.reset();
    this.#prompt = "";
    this.#program = undefined;
  }

  /** Says something in between; the line that is being typed is shown again. */
  announce(message: string): void {
    this.#host.print(`\r\n${message}\r\n${this.#prompt}${this.#tty.pending}`);
  }

  /** Answers every line with the same. */
  async repeat(message: string, signal: AbortSignal): Promise<never> {
    for (;;) {
      await this.#tty.readLine(signal);
      this.#host.print(`${message}\r\n`);
    }
  }

  /** Lets one user after the other log in, until the signal fires. */
  async serve(system: System, signal: AbortSignal): Promise<never> {
    const { hostname } = system;
    const { print } = this.#host;
    for (;;) {
      print(`\r\nSimulated Board Linux on ${hostname} (log in as root, no password)\r\n\r\n`);
      for (let name = ""; name !== "root";) {
        if (name !== "") print("Login incorrect\r\n");
        const answer = await this.#ask(`${hostname} login: `, signal);
        if (answer === null) print("\r\n");
        name = answer?.trim() ?? "";
      }
      const shell = new Shell(system);
      while (!shell.isDone) {
        const line = await this.#ask(`root@${hostname}:${shell.place}# `, signal);
        if (line === null) break;
        if (line.trim() !== "") await this.#run(shell, line, signal);
      }
    }
  }

  async #ask(prompt: string, signal: AbortSignal): Promise<string | null> {
    this.#prompt = prompt;
    this.#host.print(prompt + this.#tty.pending);
    const line = await this.#tty.readLine(signal);
    this.#prompt = "";
    return line;
  }

  async #run(shell: Shell, line: string, power: AbortSignal): Promise<void> {
    const { print, wait, onBusy } = this.#host;
    this.#program = new AbortController();
    const signal = AbortSignal.any([this.#program.signal, power]);
    onBusy(true);
    await shell.run(line, {
      signal,
      print: (text) => void (signal.aborted || print(text.replaceAll("\n", "\r\n"))),
      readLine: () => this.#idle(this.#tty.readLine(signal), signal),
      sleep: (milliseconds) => this.#idle(wait(milliseconds, signal), signal),
    });
    power.throwIfAborted();
    this.#program = undefined;
    onBusy(false);
  }

  /** A program that waits does not keep the processor busy. */
  async #idle<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
    this.#host.onBusy(false);
    const result = await waiting;
    signal.throwIfAborted();
    this.#host.onBusy(true);
    return result;
  }
}
