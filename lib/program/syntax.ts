import type { Parameter } from "../commands/parameter.ts";

/** The command line of one command: what it takes, and what it is for. */
export interface Syntax {
  /** What the command does, in one line without a full stop. */
  readonly does: string;
  /** Positional arguments in order. */
  readonly arguments: Readonly<Record<string, Parameter>>;
  /** Options by name. */
  readonly options: Readonly<Record<string, Parameter>>;
  /** Whether options end at the first argument, and unknown ones are arguments. */
  readonly passesOptions?: boolean;
}

/** `maxCount` → `max-count`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
