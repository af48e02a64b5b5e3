import type { CommandIo } from "@jumpstarter/lib/commands";
import type { LogRecord, LogSink } from "@jumpstarter/lib/driver";

/** A log record as one line for people. */
export function recordLine(record: LogRecord): string {
  const time = new Date(record.time).toTimeString().slice(0, 8);
  const operation = record.operation === undefined ? "" : ` (${record.operation})`;
  const message = record.message.replace(/\p{Cc}/gu, " ");
  return `${time} ${record.severity} [${record.logger}]${operation} ${message}`;
}

/** Writes records to standard error: all of them, or warnings and worse only. */
export function recordPrinter({ note }: Pick<CommandIo, "note">, showsAll: boolean): LogSink {
  return (record) => {
    const isUrgent = record.severity !== "INFO" && record.severity !== "DEBUG";
    // A log that nobody can read any more must not end the session.
    if (showsAll || isUrgent) void note(recordLine(record)).catch(() => {});
  };
}
