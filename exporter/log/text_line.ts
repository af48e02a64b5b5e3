import type { LogRecord, Severity } from "@jumpstarter/lib/driver";
import { fieldWithoutSecrets, withoutSecrets } from "./secrets.ts";

const RESET = "\x1b[0m";
const DIM = "\x1b[2m";

/** What severities look like on a terminal. */
const COLOURS: Readonly<Record<Severity, string>> = {
  DEBUG: DIM,
  INFO: "\x1b[32m",
  WARNING: "\x1b[33m",
  ERROR: "\x1b[31m",
  CRITICAL: "\x1b[1;31m",
};

/** Colours and the like in what programs print: nothing to read. */
// deno-lint-ignore no-control-regex -- that is what they start with
const STYLE = /\x1b\[[\d;]*m/g;
/** What could move the cursor, begin a line, or turn the direction of text around. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** How {@linkcode textLine} writes. */
export interface TextLineOptions {
  /** For a terminal that shows colours. */
  readonly isColoured?: boolean;
}

/** A log record as one line for people: `14:20:05 INFO [driver.MockPower] (on) Operation started`. */
export function textLine(record: LogRecord, { isColoured = false }: TextLineOptions = {}): string {
  const { severity, logger, operation } = record;
  const paint = (colour: string, text: string) => isColoured ? `${colour}${text}${RESET}` : text;
  return [
    paint(DIM, new Date(record.time).toTimeString().slice(0, 8)),
    paint(COLOURS[severity], severity),
    paint(DIM, `[${onOneLine(logger)}]`),
    ...(operation === undefined ? [] : [`(${onOneLine(operation)})`]),
    onOneLine(withoutSecrets(record.message)),
    ...Object.entries(record.fields ?? {}).filter(isWorthSaying).map(([name, value]) =>
      paint(DIM, `${onOneLine(name)}=${onOneLine(fieldWithoutSecrets(name, value))}`)
    ),
  ].join(" ");
}

/** The message of a record says how it went, and how many. */
function isWorthSaying([name]: [string, string]): boolean {
  return name !== "result" && name !== "dropped";
}

function onOneLine(text: string): string {
  return text.replace(STYLE, "").replace(CONTROL, escaped);
}

function escaped(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\t" }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
