import type { LogRecord } from "@jumpstarter/lib/driver";

/** Stands in a log for records that are not in it. */
export function droppedRecord(count: number, why: string): LogRecord {
  return {
    time: Date.now(),
    severity: "WARNING",
    message: `${count} log record${count === 1 ? "" : "s"} dropped: ${why}`,
    source: "system",
    logger: "exporter.log",
    fields: { dropped: String(count) },
  };
}
