import { formatTime, withCondition } from "@jumpstarter/lib/lease";
import type { Client, ObjectReference } from "../store/mod.ts";

/** Facts about a client's token. */
export interface TokenFacts {
  /** The Secret that holds it. */
  readonly credential: ObjectReference;
  /** Where clients find the controller. */
  readonly endpoint: string;
  /** When it expires, ms since 1970. */
  readonly expires: number;
  /** The time, ms since 1970. */
  readonly now: number;
}

const DAY = 24 * 60 * 60 * 1_000;

/** When users are warned, by the days that are left. */
const WARNINGS = [
  { days: 0, reason: "Expired" },
  { days: 7, reason: "ExpiresWithin7Days" },
  { days: 30, reason: "ExpiresWithin30Days" },
];

/** What a client's status says about its token. */
export function clientState(
  { metadata, status }: Client,
  { credential, endpoint, expires, now }: TokenFacts,
): NonNullable<Client["status"]> {
  const left = expires - now;
  const warning = WARNINGS.find(({ days }) => left <= days * DAY);
  const expiresAt = formatTime(expires - expires % 1_000);
  const condition = {
    type: "TokenExpiring",
    status: warning === undefined ? "False" : "True",
    reason: warning?.reason ?? "Valid",
    message: `Token expires at ${expiresAt} (${Math.max(0, Math.floor(left / DAY))} days left)`,
  } as const;
  return {
    ...status,
    conditions: withCondition(
      status?.conditions ?? [],
      condition,
      metadata.generation,
      now - now % 1_000,
    ),
    credential,
    endpoint,
    tokenExpiresAt: expiresAt,
  };
}
