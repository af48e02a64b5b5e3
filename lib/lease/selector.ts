/** How a requirement judges the label of its key. */
export type Operator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "absent" | ">" | "<";

/** One term of a selector. */
export interface Requirement {
  /** The label's key. */
  readonly key: string;
  /** How its value is judged. */
  readonly operator: Operator;
  /** What it is judged by: one value, several (`in`, `notin`), or none (`exists`, `absent`). */
  readonly values: readonly string[];
}

/** Terms that must all hold; without any, everything matches. */
export type Selector = readonly Requirement[];

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

const INTEGER = /^[-+]?\d+$/;

/** Whether each operator holds for a label's value, which is `undefined` where there is none. */
const HOLDS: Readonly<
  Record<Operator, (value: string | undefined, values: readonly string[]) => boolean>
> = {
  "=": (value, values) => value === values[0],
  "==": (value, values) => value === values[0],
  "!=": (value, values) => value !== values[0],
  in: (value, values) => value !== undefined && values.includes(value),
  notin: (value, values) => value === undefined || !values.includes(value),
  exists: (value) => value !== undefined,
  absent: (value) => value === undefined,
  ">": (value, values) => isInteger(value) && BigInt(value) > BigInt(values[0]!),
  "<": (value, values) => isInteger(value) && BigInt(value) < BigInt(values[0]!),
};

/** Whether a text is a whole number, as `>` and `<` compare. */
export function isInteger(text: string | undefined): text is string {
  return text !== undefined && INTEGER.test(text);
}

/** The value of a label, `undefined` where there is none. */
export function labelOf(labels: Labels | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/**
 * Whether labels fit a selector. `!=` and `notin` also hold where the label is not there.
 *
 * ```ts
 * import { matchesLabels, parseSelector } from "@jumpstarter/lib/lease";
 *
 * console.log(matchesLabels(parseSelector("board in (a,b),!broken"), { board: "a" })); // true
 * ```
 */
export function matchesLabels(selector: Selector, labels: Labels | undefined): boolean {
  return selector.every(({ key, operator, values }) =>
    HOLDS[operator](labelOf(labels, key), values)
  );
}

/**
 * Whether a list filter holds for a lease that was made with a selector: each term stands in that
 * selector too, or its equality terms decide it. Terms that the selector says nothing about do not
 * hold, except for `!=`, `notin` and absence.
 */
export function matchesSelector(filter: Selector, selector: Selector): boolean {
  const equal = Object.fromEntries(
    selector.filter(({ operator }) => operator === "=" || operator === "==")
      .map(({ key, values }) => [key, values[0]!]),
  );
  const terms = new Set(selector.map(termKey));
  return filter.every((term) => terms.has(termKey(term)) || matchesLabels([term], equal));
}

/** The same text for terms that mean the same. */
function termKey({ key, operator, values }: Requirement): string {
  const same = { "==": "=", "!=": "notin" }[operator as string] ?? operator;
  return JSON.stringify([key, same, [...new Set(values)].sort()]);
}
