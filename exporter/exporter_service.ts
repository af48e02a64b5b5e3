import {
  type ExporterService,
  type Init,
  LogSource,
  type LogStreamResponse,
} from "@jumpstarter/proto";
import { fromValue, toValue } from "@jumpstarter/lib/codec";
import type { LogRecord } from "@jumpstarter/lib/driver";
import type { Handlers } from "@jumpstarter/lib/rpc";
import type { ClientList } from "./direct/client_list.ts";
import { callMethod, streamMethod } from "./dispatch.ts";
import type { Session } from "./session.ts";

/** The exporter's service over one session. */
export function exporterHandlers(
  session: Session,
  clients?: ClientList,
): Handlers<typeof ExporterService> {
  return {
    getReport: () => ({
      uuid: session.uuid,
      labels: session.labels,
      reports: session.tree.report(),
      motd: session.motd,
    }),
    getStatus() {
      const { status, message, version, previous } = session.status;
      return {
        status,
        message,
        statusVersion: version,
        ...(previous === undefined ? {} : { previousStatus: previous }),
      };
    },
    async driverCall({ uuid, method, args }, call) {
      const result = await callMethod(session, uuid, method, args.map(fromValue), call.signal);
      return { uuid: crypto.randomUUID(), result: toValue(result) };
    },
    async *streamingDriverCall({ uuid, method, args }, call) {
      const items = streamMethod(session, uuid, method, args.map(fromValue), call.signal);
      for await (const item of items) {
        yield { uuid: crypto.randomUUID(), result: toValue(item) };
      }
    },
    async *logStream(_, call) {
      const notice = clients?.notice();
      if (notice !== undefined) yield logResponse(notice);
      using _present = clients?.enter(call.peer);
      for await (const record of session.logs.read(call.signal)) yield logResponse(record);
    },
    endSession: () => ({ success: false, message: "No active lease context" }),
    async reset() {
      await session.tree.reset();
      return {};
    },
  };
}

const sources = {
  driver: LogSource.DRIVER,
  beforeLease: LogSource.BEFORE_LEASE_HOOK,
  afterLease: LogSource.AFTER_LEASE_HOOK,
  system: LogSource.SYSTEM,
} as const;

function logResponse(record: LogRecord): Init<LogStreamResponse> {
  const { time, severity, message, source, driverType, operation, fields } = record;
  const seconds = Math.floor(time / 1000);
  return {
    severity,
    message,
    source: sources[source],
    ...(driverType === undefined ? {} : { driverType }),
    ...(operation === undefined ? {} : { operation }),
    timestamp: { seconds, nanos: Math.round((time - seconds * 1000) * 1_000_000) },
    structuredFields: fields ?? {},
  };
}
