// Made from jumpstarter/v1/exporter.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, optional, repeated } from "../message.ts";
import { type Method, serverStream, unary } from "../service.ts";
import { DriverInstanceReport, type ExporterStatus, type LogSource } from "./common.ts";
import { Empty, Timestamp, Value } from "./google.ts";

/** An exporter and its drivers. */
export interface GetReportResponse {
  /** Names this session of the exporter. */
  uuid: string;
  /** The exporter's labels. */
  labels: Record<string, string>;
  /** The driver tree, parents before children. */
  reports: DriverInstanceReport[];
  /** Other ways to reach the exporter. */
  alternativeEndpoints: Endpoint[];
  /** Message of the day, shown when a session starts. */
  motd: string;
}
/** An exporter and its drivers. */
export const GetReportResponse: Codec<GetReportResponse> = message(
  "jumpstarter.v1.GetReportResponse",
  () => [
    field(1, "uuid", "string"),
    map(2, "labels", "string"),
    repeated(3, "reports", DriverInstanceReport),
    repeated(4, "alternativeEndpoints", Endpoint),
    field(5, "motd", "string"),
  ],
);

/** A way to reach an exporter. */
export interface Endpoint {
  /** Host and port. */
  endpoint: string;
  /** Certificate of the server, PEM. */
  certificate: string;
  /** Certificate that the client shows, PEM. */
  clientCertificate: string;
  /** Key of that certificate, PEM. */
  clientPrivateKey: string;
}
/** A way to reach an exporter. */
export const Endpoint: Codec<Endpoint> = message("jumpstarter.v1.Endpoint", () => [
  field(1, "endpoint", "string"),
  field(2, "certificate", "string"),
  field(3, "clientCertificate", "string"),
  field(4, "clientPrivateKey", "string"),
]);

/** A call that gives one result. */
export interface DriverCallRequest {
  /** The driver instance. */
  uuid: string;
  /** The method's name. */
  method: string;
  /** Positional arguments. */
  args: Value[];
}
/** A call that gives one result. */
export const DriverCallRequest: Codec<DriverCallRequest> = message(
  "jumpstarter.v1.DriverCallRequest",
  () => [
    field(1, "uuid", "string"),
    field(2, "method", "string"),
    repeated(3, "args", Value),
  ],
);

/** The result of a call. */
export interface DriverCallResponse {
  /** Not used; any value. */
  uuid: string;
  /** What the method returned. */
  result?: Value;
}
/** The result of a call. */
export const DriverCallResponse: Codec<DriverCallResponse> = message(
  "jumpstarter.v1.DriverCallResponse",
  () => [
    field(1, "uuid", "string"),
    optional(2, "result", Value),
  ],
);

/** A call that gives any number of results. */
export interface StreamingDriverCallRequest {
  /** The driver instance. */
  uuid: string;
  /** The method's name. */
  method: string;
  /** Positional arguments. */
  args: Value[];
}
/** A call that gives any number of results. */
export const StreamingDriverCallRequest: Codec<StreamingDriverCallRequest> = message(
  "jumpstarter.v1.StreamingDriverCallRequest",
  () => [
    field(1, "uuid", "string"),
    field(2, "method", "string"),
    repeated(3, "args", Value),
  ],
);

/** One of the results of a streaming call. */
export interface StreamingDriverCallResponse {
  /** Not used; any value. */
  uuid: string;
  /** What the method yielded. */
  result?: Value;
}
/** One of the results of a streaming call. */
export const StreamingDriverCallResponse: Codec<StreamingDriverCallResponse> = message(
  "jumpstarter.v1.StreamingDriverCallResponse",
  () => [
    field(1, "uuid", "string"),
    optional(2, "result", Value),
  ],
);

/** One log record. */
export interface LogStreamResponse {
  /** Not used; any value. */
  uuid: string;
  /** Level name in upper case. */
  severity: string;
  /** The text. */
  message: string;
  /** Who wrote it. */
  source?: LogSource;
  /** Kind of driver that wrote it. */
  driverType?: string;
  /** Driver method that was running. */
  operation?: string;
  /** When it was written. */
  timestamp?: Timestamp;
  /** Anything else. */
  structuredFields: Record<string, string>;
}
/** One log record. */
export const LogStreamResponse: Codec<LogStreamResponse> = message(
  "jumpstarter.v1.LogStreamResponse",
  () => [
    field(1, "uuid", "string"),
    field(2, "severity", "string"),
    field(3, "message", "string"),
    optional(4, "source", "enum"),
    optional(5, "driverType", "string"),
    optional(6, "operation", "string"),
    optional(7, "timestamp", Timestamp),
    map(8, "structuredFields", "string"),
  ],
);

/** Asks for a reset. */
export type ResetRequest = Record<string, never>;
/** Asks for a reset. */
export const ResetRequest: Codec<ResetRequest> = message("jumpstarter.v1.ResetRequest", () => []);

/** The reset is done. */
export type ResetResponse = Record<string, never>;
/** The reset is done. */
export const ResetResponse: Codec<ResetResponse> = message(
  "jumpstarter.v1.ResetResponse",
  () => [],
);

/** Asks for the status. */
export type GetStatusRequest = Record<string, never>;
/** Asks for the status. */
export const GetStatusRequest: Codec<GetStatusRequest> = message(
  "jumpstarter.v1.GetStatusRequest",
  () => [],
);

/** The status, and how it came about. */
export interface GetStatusResponse {
  /** What the exporter is doing. */
  status: ExporterStatus;
  /** Text for people. */
  message?: string;
  /** Grows with each status change, so that a poll sees one it has missed. */
  statusVersion: number;
  /** What the exporter was doing before. */
  previousStatus?: ExporterStatus;
}
/** The status, and how it came about. */
export const GetStatusResponse: Codec<GetStatusResponse> = message(
  "jumpstarter.v1.GetStatusResponse",
  () => [
    field(1, "status", "enum"),
    optional(2, "message", "string"),
    field(3, "statusVersion", "uint64"),
    optional(4, "previousStatus", "enum"),
  ],
);

/** Asks to end the session. */
export type EndSessionRequest = Record<string, never>;
/** Asks to end the session. */
export const EndSessionRequest: Codec<EndSessionRequest> = message(
  "jumpstarter.v1.EndSessionRequest",
  () => [],
);

/** Whether the session could be ended. */
export interface EndSessionResponse {
  /** False when there was nothing to end. */
  success: boolean;
  /** Text for people. */
  message?: string;
}
/** Whether the session could be ended. */
export const EndSessionResponse: Codec<EndSessionResponse> = message(
  "jumpstarter.v1.EndSessionResponse",
  () => [
    field(1, "success", "bool"),
    optional(2, "message", "string"),
  ],
);

/** What an exporter offers to the client that holds its lease. */
export type ExporterService = {
  /** Describes the exporter and its drivers. */
  readonly getReport: Method<Empty, GetReportResponse>;
  /** Calls a driver's method that gives one result. */
  readonly driverCall: Method<DriverCallRequest, DriverCallResponse>;
  /** Calls a driver's method that gives any number of results. */
  readonly streamingDriverCall: Method<
    StreamingDriverCallRequest,
    StreamingDriverCallResponse,
    false,
    true
  >;
  /** Follows the exporter's log; each record goes to one follower. */
  readonly logStream: Method<Empty, LogStreamResponse, false, true>;
  /** Brings the drivers back to their first state. */
  readonly reset: Method<ResetRequest, ResetResponse>;
  /** Tells what the exporter is doing. */
  readonly getStatus: Method<GetStatusRequest, GetStatusResponse>;
  /** Ends the session and starts the hook that cleans up. */
  readonly endSession: Method<EndSessionRequest, EndSessionResponse>;
};
/** What an exporter offers to the client that holds its lease. */
export const ExporterService: ExporterService = {
  getReport: unary("/jumpstarter.v1.ExporterService/GetReport", Empty, GetReportResponse),
  driverCall: unary(
    "/jumpstarter.v1.ExporterService/DriverCall",
    DriverCallRequest,
    DriverCallResponse,
  ),
  streamingDriverCall: serverStream(
    "/jumpstarter.v1.ExporterService/StreamingDriverCall",
    StreamingDriverCallRequest,
    StreamingDriverCallResponse,
  ),
  logStream: serverStream("/jumpstarter.v1.ExporterService/LogStream", Empty, LogStreamResponse),
  reset: unary("/jumpstarter.v1.ExporterService/Reset", ResetRequest, ResetResponse),
  getStatus: unary(
    "/jumpstarter.v1.ExporterService/GetStatus",
    GetStatusRequest,
    GetStatusResponse,
  ),
  endSession: unary(
    "/jumpstarter.v1.ExporterService/EndSession",
    EndSessionRequest,
    EndSessionResponse,
  ),
};
