import type { LabelSelector } from "./objects.ts";
import type { Operator, Requirement, Selector } from "./selector.ts";
import { readSelector } from "./stored_selector.ts";

const set = (word: string) => ({ key, values }: Requirement) =>
  `${key} ${word} (${[...new Set(values)].sort().join(",")})`;
const sign = (word: string) => ({ key, values }: Requirement) => `${key}${word}${values[0]}`;

const TEXT: Readonly<Record<Operator, (requirement: Requirement) => string>> = {
  "=": sign("="),
  "==": sign("="),
  "!=": set("notin"),
  in: set("in"),
  notin: set("notin"),
  exists: ({ key }) => key,
  absent: ({ key }) => `!${key}`,
  ">": sign(">"),
  "<": sign("<"),
};

/**
 * The canonical text of a selector: terms sorted by key, sets sorted, `k!=v` as `k notin (v)`.
 * Reading and writing it again changes nothing. No terms are the empty text.
 *
 * ```ts
 * import { formatSelector, parseSelector } from "@jumpstarter/lib/lease";
 *
 * console.log(formatSelector(parseSelector("b != 2 , a=1"))); // "a=1,b notin (2)"
 * ```
 */
export function formatSelector(selector: Selector): string {
  return selector.toSorted((a, b) => compareText(a.key, b.key))
    .map((requirement) => TEXT[requirement.operator](requirement)).join(",");
}

/** What clients see of a lease's selector: its canonical text, or `<none>`. */
export function selectorText(stored: LabelSelector | undefined): string {
  try {
    return formatSelector(readSelector(stored)) || "<none>";
  } catch {
    return "<error>"; // written to the store by hand; the wire has this text for it
  }
}

/** Orders texts as stores do, by code unit and not by a language's rules. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
