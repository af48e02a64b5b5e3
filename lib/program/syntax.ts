import type { Parameter } from "../commands/parameter.ts";

/** The command line of one command: what it takes, and what it is for. */
export interface Syntax {
  readonly does: string;
  readonly arguments: Readonly<Record<string, Parameter>>;
  readonly options: Readonly<Record<string, Parameter>>;
}

/** `maxCount` → `max-count`. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
