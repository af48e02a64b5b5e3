import { formatTime, parseTime } from "./times.ts";

/** Where a lease stands in line. */
export interface Place {
  /** Its turn, from 1. */
  readonly turn: number;
  /** How many wait in its line, with itself. */
  readonly of: number;
  /** When it is served at the latest if all before it use their whole time, in ms since 1970. */
  readonly by?: number;
}

const MINUTE = 60_000;
const PLACE = /^(\d+)(?:st|nd|rd|th) of (\d+) in line(?:, expected by (\S+?Z))?: /;
const SUFFIXES = ["th", "st", "nd", "rd"];

/**
 * Puts the place in line before the reason of a lease that waits. Whole minutes, so that the text
 * stays the same while nothing happens.
 */
export function formatPlace({ turn, of, by }: Place, reason: string): string {
  const expected = by === undefined
    ? ""
    : `, expected by ${formatTime(Math.ceil(by / MINUTE) * MINUTE).replace(":00Z", "Z")}`;
  return `${turn}${suffixOf(turn)} of ${of} in line${expected}: ${reason}`;
}

function suffixOf(turn: number): string {
  const isTeen = Math.floor(turn / 10) % 10 === 1;
  return (isTeen ? undefined : SUFFIXES[turn % 10]) ?? "th";
}

/**
 * Reads the place in line from the message of a condition `Pending`; `undefined` when it has none.
 *
 * ```ts
 * import { parsePlace } from "@jumpstarter/lib/lease";
 *
 * console.log(parsePlace("2nd of 3 in line: all of them are leased")); // { turn: 2, of: 3 }
 * ```
 */
export function parsePlace(message: string): Place | undefined {
  const [, turn, of, by] = PLACE.exec(message) ?? [];
  if (turn === undefined) return undefined;
  return {
    turn: Number(turn),
    of: Number(of),
    ...by !== undefined && { by: parseTime(by.replace("Z", ":00Z")) },
  };
}
