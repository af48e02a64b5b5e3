import { UsageError } from "../errors.ts";
import { formatGoDuration, LONGEST_GO_DURATION, parseGoDuration } from "./go_duration.ts";
import type { Lease, LeaseSpec } from "./objects.ts";

/** The time fields of a lease as a client gives them; what it does not give is left out. */
export interface TimeFields {
  /** When the lease begins at the earliest, in ms since 1970. */
  readonly begin?: number;
  /** When it ends, in ms since 1970. */
  readonly end?: number;
  /** How long it lasts, in ms. */
  readonly duration?: number;
}

/** The last moment that there is a text for, in ms since 1970. */
const LAST_TIME = 8.64e15;
const TIME_FIELDS = ["beginTime", "endTime", "duration"] as const;

/**
 * Completes the time fields of a new lease, and checks them: begin and end give the duration, end
 * and duration the begin. An end is never made up.
 *
 * ```ts
 * import { completeTimes } from "@jumpstarter/lib/lease";
 *
 * console.log(completeTimes({ begin: 1000, end: 6000 }).duration); // 5000
 * ```
 *
 * @throws {UsageError} when they contradict each other, or do not say how long the lease lasts
 */
export function completeTimes(given: TimeFields): TimeFields & { readonly duration: number } {
  const { begin, end } = given;
  let { duration } = given;
  if (begin !== undefined && end !== undefined) {
    if (duration !== undefined && duration > 0 && duration !== end - begin) {
      throw new UsageError(
        "duration conflicts with begin_time and end_time: " +
          `${formatGoDuration(duration)} is not the ${formatGoDuration(end - begin)} between them`,
      );
    }
    duration = end - begin;
  }
  if (duration === undefined) {
    throw new UsageError(
      "duration is required (must specify Duration, or both BeginTime and EndTime)",
    );
  }
  if (!(duration > 0)) {
    throw new UsageError(`duration must be positive, got ${formatGoDuration(duration)}`);
  }
  if (duration > LONGEST_GO_DURATION) {
    throw new UsageError(
      `duration must be at most 292 years (${formatGoDuration(LONGEST_GO_DURATION)}), ` +
        `got ${formatGoDuration(duration)}`,
    );
  }
  if (end === undefined) return { ...given, duration };
  return { end, duration, begin: begin ?? end - duration };
}

/**
 * The spec of a lease after its owner changes time fields. What is asked for must make sense by
 * itself, as if a lease were created with it, and together with what stays.
 *
 * @throws {UsageError} when it does not, or moves the begin of a lease that has begun
 */
export function changeTimes({ spec, status }: Lease, asked: TimeFields): LeaseSpec {
  const { begin, end, duration } = asked;
  if (begin === undefined && end === undefined && duration === undefined) return spec;
  completeTimes(asked);
  const stored = timesOf(spec);
  if (begin !== undefined && begin !== stored.begin && status?.exporterRef !== undefined) {
    throw new UsageError("cannot update BeginTime: lease has already started");
  }
  return withTimes(spec, completeTimes({ ...stored, ...asked }));
}

/** A spec with these time fields and no others. */
export function withTimes<S extends Partial<LeaseSpec>>(spec: S, times: TimeFields): S {
  const { begin, end, duration } = times;
  const others = { ...spec };
  for (const field of TIME_FIELDS) delete others[field];
  return {
    ...others,
    ...duration !== undefined && { duration: formatGoDuration(duration) },
    ...begin !== undefined && { beginTime: formatTime(begin) },
    ...end !== undefined && { endTime: formatTime(end) },
  };
}

/** The time fields of a spec. */
export function timesOf({ beginTime, endTime, duration }: Partial<LeaseSpec>): TimeFields {
  return {
    ...beginTime !== undefined && { begin: parseTime(beginTime) },
    ...endTime !== undefined && { end: parseTime(endTime) },
    // An administrator may write a longer one than any program can read.
    ...duration !== undefined && {
      duration: Math.min(parseGoDuration(duration), LONGEST_GO_DURATION),
    },
  };
}

/** How long a lease asks to last, in ms; 0 when it does not say. */
export function askedDuration(spec: LeaseSpec): number {
  const { begin, end, duration } = timesOf(spec);
  return duration ?? (begin !== undefined && end !== undefined ? end - begin : 0);
}

/** When a lease ends that acquires an exporter at `begun`, in ms since 1970. */
export function endIfBegun(spec: LeaseSpec, begun: number): number {
  const { begin, end, duration } = timesOf(spec);
  return Math.min(end ?? (begin ?? begun) + (duration ?? 0), LAST_TIME);
}

/** What clients see of the times of a lease, in ms: nothing before it has an exporter. */
export function effectiveTimes({ status }: Lease, now: number): TimeFields {
  if (status?.beginTime === undefined) return {};
  const begin = parseTime(status.beginTime);
  const end = status.endTime === undefined ? undefined : parseTime(status.endTime);
  return {
    begin,
    ...end !== undefined && { end },
    duration: Math.max(0, (end ?? now) - begin),
  };
}

/** Reads a time of an object, in ms since 1970. */
export function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new UsageError(`"${text}" is not a time; write for example 2026-01-31T12:00:00Z`);
  }
  return time;
}

/** Writes a time for an object, without a fraction where there is none. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
