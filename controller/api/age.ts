const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How a duration below `below` is told: in whole `unit`s, and in what is left in `rest`s. */
interface Step {
  readonly below: number;
  readonly unit: readonly [number, string];
  readonly rest?: readonly [number, string];
}

const STEPS: readonly Step[] = [
  { below: 2 * MINUTE, unit: [SECOND, "s"] },
  { below: 10 * MINUTE, unit: [MINUTE, "m"], rest: [SECOND, "s"] },
  { below: 3 * HOUR, unit: [MINUTE, "m"] },
  { below: 8 * HOUR, unit: [HOUR, "h"], rest: [MINUTE, "m"] },
  { below: 2 * DAY, unit: [HOUR, "h"] },
  { below: 8 * DAY, unit: [DAY, "d"], rest: [HOUR, "h"] },
  { below: 2 * YEAR, unit: [DAY, "d"] },
  { below: 8 * YEAR, unit: [YEAR, "y"], rest: [DAY, "d"] },
  { below: Infinity, unit: [YEAR, "y"] },
];

/** The age of something as kubectl shows it, such as `5m10s`, of a number of milliseconds. */
export function ageText(age: number): string {
  const time = Math.max(0, age);
  const { unit: [size, letter], rest } = STEPS.find(({ below }) => time < below) ?? STEPS[8]!;
  const whole = Math.floor(time / size);
  const left = rest === undefined ? 0 : Math.floor((time - whole * size) / rest[0]);
  return `${whole}${letter}${left > 0 && rest !== undefined ? `${left}${rest[1]}` : ""}`;
}
