import type { LogRecord } from "@jumpstarter/lib/driver";
import { fieldWithoutSecrets, withoutSecrets } from "./secrets.ts";

/** What all of an exporter's records have in common for a time: `exporter`, `lease_id`, … */
export type LogContext = Readonly<Record<string, string | undefined>>;

/** Control characters that JSON leaves as they are, and line ends of other programs. */
const CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

/** Names of the parts of every line; a field of such a name is called `field_…`. */
const PARTS: ReadonlySet<string> = new Set(["ts", "level", "msg", "logger", "component", "source"]);

/**
 * A log record as one line of JSON for programs. Fields of the record come before those of the
 * context, and neither takes the place of a part that every line has.
 */
export function jsonLine(record: LogRecord, context: LogContext = {}): string {
  const { driverType, operation, fields = {} } = record;
  const line: Record<string, string> = {
    ts: new Date(record.time).toISOString(),
    level: record.severity.toLowerCase(),
    msg: withoutSecrets(record.message),
    logger: record.logger,
    component: "exporter",
    source: record.source,
  };
  for (const group of [context, { operation, driver_type: driverType }, fields]) {
    for (const [name, value] of Object.entries(group)) {
      if (value === undefined) continue;
      line[PARTS.has(name) ? `field_${name}` : name] = fieldWithoutSecrets(name, value);
    }
  }
  return JSON.stringify(line).replace(CONTROL, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
