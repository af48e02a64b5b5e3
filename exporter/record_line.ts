import type { LogRecord } from "@jumpstarter/lib/driver";

/** A log record as one line for people. */
export function recordLine(record: LogRecord): string {
  const time = new Date(record.time).toTimeString().slice(0, 8);
  const operation = record.operation === undefined ? "" : ` (${record.operation})`;
  const message = record.message.replace(/\p{Cc}/gu, " ");
  return `${time} ${record.severity} [${record.logger}]${operation} ${message}`;
}
