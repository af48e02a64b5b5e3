import { commands } from "./command_line.ts";
import type { ShellState, Terminal } from "./process.ts";
import { programs } from "./programs.ts";
import type { System } from "./system.ts";

/** A login shell: where it is, how the last program ended, and whether it goes on. */
export class Shell implements ShellState {
  folder = "/root";
  isDone = false;
  #system: System;
  #status = 0;

  constructor(system: System) {
    this.#system = system;
  }

  /** The working folder, as the prompt shows it. */
  get place(): string {
    return this.folder === "/root" ? "~" : this.folder;
  }

  /** Runs a command line to its end, or until the signal fires. */
  async run(line: string, terminal: Terminal): Promise<void> {
    try {
      for (const { when, words } of commands(line, (name) => this.#variable(name))) {
        if (when === "success" && this.#status !== 0) continue;
        if (when === "failure" && this.#status === 0) continue;
        this.#status = await this.#runProgram(words, terminal);
        if (this.isDone) return;
      }
    } catch (error) {
      if (terminal.signal.aborted) this.#status = 130;
      else if (!(error instanceof SyntaxError)) throw error;
      else {
        terminal.print(`sh: syntax error: ${error.message}\n`);
        this.#status = 2;
      }
    }
  }

  async #runProgram([name = "", ...args]: readonly string[], terminal: Terminal): Promise<number> {
    if (!Object.hasOwn(programs, name)) {
      terminal.print(`sh: ${name}: not found\n`);
      return 127;
    }
    const status = await programs[name]!({ shell: this, system: this.#system, ...terminal }, args);
    terminal.signal.throwIfAborted();
    return status ?? 0;
  }

  #variable(name: string): string {
    const values: Record<string, string> = {
      "?": String(this.#status),
      HOME: "/root",
      HOSTNAME: this.#system.hostname,
      PWD: this.folder,
      SHELL: "/bin/sh",
      USER: "root",
    };
    return Object.hasOwn(values, name) ? values[name]! : "";
  }
}
