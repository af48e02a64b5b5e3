import type { System } from "./system.ts";

/** How a program reaches the terminal. */
export interface Terminal {
  /** Prints text; a line's end is `\n`. */
  print(text: string): void;
  /** The next line; `null` for Ctrl-D. */
  readLine(): Promise<string | null>;
  /** Does nothing for so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** Fires at Ctrl-C, and when the power goes. */
  signal: AbortSignal;
}

/** What a program may change in the shell that has started it. */
export interface ShellState {
  /** The working folder. */
  folder: string;
  /** Set by `exit`. */
  isDone: boolean;
}

/** A program that runs: its terminal, its shell, the system around it. */
export interface Process extends Terminal {
  readonly shell: ShellState;
  readonly system: System;
}
