import type { Parameter } from "../commands/parameter.ts";
import { UsageError } from "../errors.ts";
import { dashed } from "./syntax.ts";

/** Options that stand before the name of a command. */
export interface Globals {
  /** As they were typed, by the option's key. */
  readonly given: Readonly<Record<string, readonly string[]>>;
  /** What follows them. */
  readonly rest: readonly string[];
}

/**
 * Takes options off the front of a command line, up to the first word that is none of them. Fails
 * with `UsageError` for one without a value, or with a wrong one.
 */
export function readGlobals(
  options: Readonly<Record<string, Parameter>>,
  words: readonly string[],
): Globals {
  const given: Record<string, readonly string[]> = {};
  let at = 0;
  while (at < words.length) {
    const [name, value] = splitOption(words[at]!);
    const found = Object.entries(options).find(([key]) => `--${dashed(key)}` === name);
    if (found === undefined) break;
    const [key, parameter] = found;
    const size = parameter.parse === undefined || value !== undefined ? 1 : 2;
    check(name, parameter, value ?? words[at + 1]);
    given[key] = words.slice(at, at + size);
    at += size;
  }
  return { given, rest: words.slice(at) };
}

function check(name: string, { parse }: Parameter, value: string | undefined): void {
  if (parse === undefined) return;
  if (value === undefined) throw new UsageError(`${name} takes a value`);
  try {
    parse(value);
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

function splitOption(word: string): [name: string, value?: string] {
  const equals = word.indexOf("=");
  return equals === -1 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}
