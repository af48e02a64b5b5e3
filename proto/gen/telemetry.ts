// Made from jumpstarter/v1/telemetry.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, optional, repeated } from "../message.ts";
import { type Method, unary } from "../service.ts";
import { Timestamp } from "./google.ts";

/** A batch of records. */
export interface PushLogsRequest {
  /** The records, oldest first. */
  entries: LogEntry[];
}
/** A batch of records. */
export const PushLogsRequest: Codec<PushLogsRequest> = message(
  "jumpstarter.v1.PushLogsRequest",
  () => [
    repeated(1, "entries", LogEntry),
  ],
);

/** What became of a batch. */
export interface PushLogsResponse {
  /** How many records were taken. */
  accepted: number;
  /** How many records were thrown away. */
  dropped: number;
}
/** What became of a batch. */
export const PushLogsResponse: Codec<PushLogsResponse> = message(
  "jumpstarter.v1.PushLogsResponse",
  () => [
    field(1, "accepted", "uint32"),
    field(2, "dropped", "uint32"),
  ],
);

/** One structured log record. */
export interface LogEntry {
  /** When it was written. */
  timestamp?: Timestamp;
  /** Level name in lower case. */
  severity: string;
  /** The text. */
  message: string;
  /** Kind of program that wrote it. */
  component: string;
  /** Name of the exporter it is about. */
  exporter: string;
  /** Name of the lease it is about. */
  lease: string;
  /** Name of the client it is about. */
  client: string;
  /** What was being done. */
  operation: string;
  /** How that ended. */
  result: string;
  /** Kind of driver that was in use. */
  driverType: string;
  /** Anything else. */
  extraFields: Record<string, string>;
  /** Namespace of the exporter, the lease and the client. */
  namespace: string;
}
/** One structured log record. */
export const LogEntry: Codec<LogEntry> = message("jumpstarter.v1.LogEntry", () => [
  optional(1, "timestamp", Timestamp),
  field(2, "severity", "string"),
  field(3, "message", "string"),
  field(4, "component", "string"),
  field(5, "exporter", "string"),
  field(6, "lease", "string"),
  field(7, "client", "string"),
  field(8, "operation", "string"),
  field(9, "result", "string"),
  field(10, "driverType", "string"),
  map(11, "extraFields", "string"),
  field(12, "namespace", "string"),
]);

/** Collects log records of exporters and clients. */
export type TelemetryService = {
  /** Hands over a batch of records. */
  readonly pushLogs: Method<PushLogsRequest, PushLogsResponse>;
};
/** Collects log records of exporters and clients. */
export const TelemetryService: TelemetryService = {
  pushLogs: unary("/jumpstarter.v1.TelemetryService/PushLogs", PushLogsRequest, PushLogsResponse),
};
