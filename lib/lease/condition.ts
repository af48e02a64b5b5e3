import type { Condition } from "./objects.ts";
import { formatTime } from "./times.ts";

/**
 * Sets a condition where the one of its type stands, or at the end: the last one is what clients
 * take for the state. The time of the transition moves only with the status.
 *
 * @param conditions the conditions of an object so far
 * @param generation the object's generation
 * @param now the time, in ms since 1970
 * @returns the conditions given when they say so already
 */
export function withCondition(
  conditions: Condition[],
  condition: Pick<Condition, "type" | "status" | "reason" | "message">,
  generation: number | undefined,
  now: number,
): Condition[] {
  const before = conditions.find(({ type }) => type === condition.type);
  const after: Condition = {
    ...condition,
    lastTransitionTime: before?.status === condition.status
      ? before.lastTransitionTime
      : formatTime(now),
    ...generation !== undefined && { observedGeneration: generation },
  };
  if (before === undefined) return [...conditions, after];
  const isSame = (Object.keys(after) as (keyof Condition)[])
    .every((key) => before[key] === after[key]);
  return isSame ? conditions : conditions.map((one) => one === before ? after : one);
}
