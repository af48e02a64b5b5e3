import { UsageError } from "../errors.ts";

/** Milliseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  "μs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** Units below a second, and their nanoseconds. */
const SMALL_UNITS = [["ns", 1], ["µs", 1e3], ["ms", 1e6]] as const;
const PART = String.raw`([0-9]+(\.[0-9]*)?|\.[0-9]+)(${Object.keys(UNITS).join("|")})`;

/** What a duration as Go writes it looks like, as the text of a regular expression. */
export const GO_DURATION_PATTERN: string = `^[+-]?(0|(${PART})+)$`;
/** The longest duration that Go knows, in ms: 292 years. */
export const LONGEST_GO_DURATION: number = Math.floor(2 ** 63 / 1e6);

const WHOLE = new RegExp(GO_DURATION_PATTERN);
const PARTS = new RegExp(PART, "g");

/** Durations that were read: hundreds of leases that wait have the same few, in every decision. */
const KNOWN = new Map<string, number>();
const MAX_KNOWN = 1_000;

/**
 * Reads a duration as Go writes it (`1h30m`, `1.5s`, `-100ms`, `0`), in milliseconds.
 *
 * ```ts
 * import { parseGoDuration } from "@jumpstarter/lib/lease";
 *
 * console.log(parseGoDuration("1m30s")); // 90000
 * ```
 *
 * @throws {UsageError} for anything else
 */
export function parseGoDuration(text: string): number {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const read = parse(text);
  if (KNOWN.size >= MAX_KNOWN) KNOWN.clear();
  KNOWN.set(text, read);
  return read;
}

function parse(text: string): number {
  if (!WHOLE.test(text)) {
    throw new UsageError(`"${text}" is not a duration; write for example 1h30m, 90s or 500ms`);
  }
  let milliseconds = 0;
  for (const [, amount, , unit] of text.matchAll(PARTS)) {
    milliseconds += Number(amount) * UNITS[unit!]!;
  }
  return text.startsWith("-") ? 0 - milliseconds : milliseconds;
}

/**
 * Writes milliseconds as Go does.
 *
 * ```ts
 * import { formatGoDuration } from "@jumpstarter/lib/lease";
 *
 * console.log(formatGoDuration(90_000)); // "1m30s"
 * console.log(formatGoDuration(3_600_000)); // "1h0m0s"
 * ```
 */
export function formatGoDuration(milliseconds: number): string {
  const amount = Math.abs(milliseconds);
  const sign = milliseconds < 0 ? "-" : "";
  const minutes = Math.floor(amount / 60_000);
  const nanoseconds = Math.round((amount - minutes * 60_000) * 1e6);
  if (minutes > 0) {
    const hours = Math.floor(minutes / 60);
    const clock = hours === 0 ? `${minutes}m` : `${hours}h${minutes % 60}m`;
    return `${sign}${clock}${decimal(nanoseconds, 1e9)}s`;
  }
  if (nanoseconds === 0) return "0s";
  const [unit, size] = SMALL_UNITS.find(([, size]) => nanoseconds < size * 1000) ??
    (["s", 1e9] as const);
  return `${sign}${decimal(nanoseconds, size)}${unit}`;
}

/** `amount / size` in full, without zeros at its end; `size` is a power of ten. */
function decimal(amount: number, size: number): string {
  const digits = Math.round(Math.log10(size));
  const fraction = String(amount % size).padStart(digits, "0").slice(0, digits).replace(/0+$/, "");
  return `${Math.floor(amount / size)}${fraction === "" ? "" : `.${fraction}`}`;
}
