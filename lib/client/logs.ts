import { ExporterService, LogSource } from "@jumpstarter/proto";
import {
  type LogRecord,
  type LogSource as Source,
  SEVERITIES,
  type Severity,
} from "../driver/log.ts";
import type { SessionConnection } from "./connection.ts";
import { driverFailure } from "./failure.ts";

const sources: Record<number, Source> = {
  [LogSource.DRIVER]: "driver",
  [LogSource.BEFORE_LEASE_HOOK]: "beforeLease",
  [LogSource.AFTER_LEASE_HOOK]: "afterLease",
};

/** The records of an exporter's log stream; leaving the loop ends it, and so does the connection. */
export async function* logRecords(
  connection: SessionConnection,
  options: { signal?: AbortSignal } = {},
): AsyncGenerator<LogRecord> {
  // A call outlives its channel: it would hold the connection, and the program, for a while.
  const signal = options.signal === undefined
    ? connection.closed
    : AbortSignal.any([options.signal, connection.closed]);
  const responses = connection.channel.serverStream(ExporterService.logStream, {}, { signal });
  try {
    for await (const response of responses) {
      const source = sources[response.source ?? 0] ?? "system";
      const { timestamp, driverType, operation } = response;
      yield {
        time: timestamp === undefined
          ? Date.now()
          : timestamp.seconds * 1000 + timestamp.nanos / 1_000_000,
        severity: severityOf(response.severity),
        message: response.message,
        source,
        logger: `exporter:${source}`,
        ...(driverType === undefined ? {} : { driverType }),
        ...(operation === undefined ? {} : { operation }),
        fields: response.structuredFields,
      };
    }
  } catch (error) {
    if (!signal.aborted) throw driverFailure("the log", error);
  }
}

function severityOf(name: string): Severity {
  return SEVERITIES.includes(name as Severity) ? name as Severity : "INFO";
}
