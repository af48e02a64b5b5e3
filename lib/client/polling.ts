import { ExporterStatus } from "@jumpstarter/proto";
import type { StatusName } from "../rpc/status.ts";
import { type ExporterState, UNTOLD } from "./exporter_state.ts";

/** What a poll came to. */
export type Answer =
  | { readonly kind: "state"; readonly state: ExporterState }
  | { readonly kind: "failure"; readonly status: StatusName };

/** What polling has found out so far. */
export interface Findings {
  /** The latest state; absent before the first answer. */
  readonly state?: ExporterState;
  /** Polls in a row that nobody answered in time. */
  readonly unanswered: number;
  /** Why polling is at its end: the exporter tells no states, is gone, or lets us in no more. */
  readonly end?: "untold" | "gone" | "refused";
}

/** Before the first poll. */
export const NOTHING_FOUND: Findings = { unanswered: 0 };

/** So many polls in a row without an answer mean that there is nobody any more. */
const MAX_UNANSWERED = 20;

/** Milliseconds from one poll to the next. */
const INTERVAL = { awaited: 100, usual: 300, calm: 5_000 };

/** The findings after one more poll. */
export function afterPoll(before: Findings, answer: Answer): Findings {
  if (answer.kind === "state") return { state: answer.state, unanswered: 0 };
  const { status } = answer;
  const unanswered = status === "DEADLINE_EXCEEDED" ? before.unanswered + 1 : 0;
  const found = { ...before, unanswered };
  if (status === "UNIMPLEMENTED") return { ...found, state: UNTOLD, end: "untold" };
  if (status === "UNAUTHENTICATED") return { ...found, end: "refused" };
  if (unanswered >= MAX_UNANSWERED) return { ...found, end: "gone" };
  return found;
}

/** Milliseconds until the next poll; nothing when there is no next one. */
export function pollDelay(
  { state, end }: Findings,
  { isAwaited, isCalm }: { isAwaited: boolean; isCalm: boolean },
): number | undefined {
  if (end !== undefined) return undefined;
  if (isAwaited) return INTERVAL.awaited;
  return isCalm && state?.status === ExporterStatus.LEASE_READY ? INTERVAL.calm : INTERVAL.usual;
}
