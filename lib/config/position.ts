import { ConfigError } from "../errors.ts";

/** A place in a configuration file. */
export interface SourcePosition {
  /** The file, as it was named. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The keys that lead there, as in `export.power`; empty for the whole file. */
  readonly path: string;
}

/** `board.yaml:7`, as error messages begin. */
export function formatPosition({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

/** Fails with a sentence about a place. */
export function refuse(at: SourcePosition, sentence: string): never {
  throw new ConfigError(`${formatPosition(at)}: ${sentence}`);
}
