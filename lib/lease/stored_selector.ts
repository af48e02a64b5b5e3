import { UsageError } from "../errors.ts";
import { ENDED_LABEL, type LabelSelector, type StoredOperator } from "./objects.ts";
import type { Operator, Requirement, Selector } from "./selector.ts";
import { parseSelector } from "./selector_parser.ts";

/** The operators of expressions in objects, and those of selector texts that they stand for. */
const STORED: Readonly<Partial<Record<Operator, StoredOperator>>> = {
  in: "In",
  notin: "NotIn",
  exists: "Exists",
  absent: "DoesNotExist",
};
const READ = Object.fromEntries(
  Object.entries(STORED).map(([text, stored]) => [stored, text]),
) as Record<StoredOperator, Operator>;

/** Selectors of objects that were read before. Objects are never changed, only replaced. */
const known = new WeakMap<LabelSelector, Selector>();

/** The terms of an object's selector, equality first; without a selector there are none. */
export function readSelector(stored: LabelSelector | undefined): Selector {
  if (stored === undefined) return [];
  const before = known.get(stored);
  if (before !== undefined) return before;
  const selector: Requirement[] = [
    ...Object.entries(stored.matchLabels ?? {})
      .map(([key, value]): Requirement => ({ key, operator: "=", values: [value] })),
    ...(stored.matchExpressions ?? []).map(({ key, operator, values }): Requirement => {
      if (!Object.hasOwn(READ, operator)) throw unsupported(operator);
      return { key, operator: READ[operator], values: values ?? [] };
    }),
  ];
  known.set(stored, selector);
  return selector;
}

/**
 * Reads a selector text into what a lease holds: equality becomes `matchLabels`, the rest
 * expressions, with one `NotIn` for all `!=` of a key.
 *
 * ```ts
 * import { toStoredSelector } from "@jumpstarter/lib/lease";
 *
 * console.log(toStoredSelector("board=x,env!=prod").matchLabels); // { board: "x" }
 * ```
 *
 * @throws {UsageError} for text that is no selector, for two values of one key, and for `==`, `>`
 * and `<`, which a lease cannot hold
 */
export function toStoredSelector(text: string): LabelSelector {
  const labels = new Map<string, string>();
  const expressions: NonNullable<LabelSelector["matchExpressions"]> = [];
  const unequal = new Map<string, string[]>();
  for (const { key, operator, values } of parseSelector(text)) {
    const stored = STORED[operator];
    if (operator === "=") {
      addEquality(labels, key, values[0]!);
    } else if (operator === "!=") {
      const known = unequal.get(key);
      if (known === undefined) {
        unequal.set(key, [...values]);
        expressions.push({ key, operator: "NotIn", values: unequal.get(key)! });
      } else if (!known.includes(values[0]!)) known.push(values[0]!);
    } else if (stored === undefined) {
      throw unsupported(operator);
    } else {
      expressions.push({ key, operator: stored, ...values.length > 0 && { values: [...values] } });
    }
  }
  return {
    ...labels.size > 0 && { matchLabels: Object.fromEntries(labels) },
    ...expressions.length > 0 && { matchExpressions: expressions },
  };
}

function addEquality(labels: Map<string, string>, key: string, value: string): void {
  const before = labels.get(key) ?? value;
  if (before !== value) {
    throw new UsageError(
      `label "${key}" cannot have multiple equality requirements: "${before}" and "${value}"; ` +
        `write ${key} in (${before},${value}) for either`,
    );
  }
  if (key === ENDED_LABEL) {
    throw new UsageError(`label "${key}" is the controller's own; leave it out of the selector`);
  }
  labels.set(key, value);
}

function unsupported(operator: string): UsageError {
  const hint = operator === "==" ? `; write "="` : "";
  return new UsageError(`unsupported label selector operator: "${operator}"${hint}`);
}

/** Whether a selector asks for nothing. */
export function isEmptySelector(stored: LabelSelector | undefined): boolean {
  return readSelector(stored).length === 0;
}
