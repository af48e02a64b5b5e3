/** Times and durations, as messages have them and in milliseconds. */

/** Seconds and what is left in nanoseconds: a `Timestamp`, a `Duration` or a `Time`. */
export interface WireTime {
  /** Whole seconds. */
  readonly seconds: number;
  /** Nanoseconds on top. */
  readonly nanos: number;
}

/** Writes milliseconds. Those of a duration below zero have both parts below zero. */
export function toWire(milliseconds: number): WireTime {
  const seconds = Math.trunc(milliseconds / 1_000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1_000) * 1e6) };
}

/** Reads milliseconds; `undefined` for what is absent. */
export function fromWire(time: WireTime | undefined): number | undefined {
  return time === undefined ? undefined : time.seconds * 1_000 + time.nanos / 1e6;
}
