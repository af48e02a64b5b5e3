const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

/** From which age on which two units tell it, the smaller one where there is some of it. */
const STEPS = [
  { from: YEAR, unit: [YEAR, "y"], rest: [MONTH, "mo"] },
  { from: MONTH, unit: [MONTH, "mo"], rest: [DAY, "d"] },
  { from: DAY, unit: [DAY, "d"], rest: [HOUR, "h"] },
  { from: 2 * HOUR, unit: [HOUR, "h"], rest: undefined },
  { from: HOUR, unit: [HOUR, "h"], rest: [MINUTE, "m"] },
  { from: MINUTE, unit: [MINUTE, "m"], rest: [1, "s"] },
  { from: -Infinity, unit: [1, "s"], rest: undefined },
] as const;

/** How long ago a time was, such as `5m10s`; empty for what is none. `now` in milliseconds since 1970. */
export function age(since: string | undefined, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since ?? "")) / 1_000));
  if (Number.isNaN(seconds)) return "";
  const { unit: [size, letter], rest } = STEPS.find(({ from }) => seconds >= from)!;
  const [whole, left] = [Math.floor(seconds / size), seconds % size];
  const more = rest === undefined ? 0 : Math.floor(left / rest[0]);
  return `${whole}${letter}${more > 0 ? `${more}${rest![1]}` : ""}`;
}
