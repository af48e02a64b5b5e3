// Made from jumpstarter/v1/controller.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, optional, repeated } from "../message.ts";
import { clientStream, type Method, serverStream, unary } from "../service.ts";
import { DriverInstanceReport, type ExporterStatus } from "./common.ts";
import { Duration, Empty, Timestamp } from "./google.ts";
import { Condition, LabelSelector } from "./kubernetes.ts";

/** An exporter and its drivers. */
export interface RegisterRequest {
  /** The exporter's labels. */
  labels: Record<string, string>;
  /** The driver tree, parents before children. */
  reports: DriverInstanceReport[];
}
/** An exporter and its drivers. */
export const RegisterRequest: Codec<RegisterRequest> = message(
  "jumpstarter.v1.RegisterRequest",
  () => [
    map(1, "labels", "string"),
    repeated(2, "reports", DriverInstanceReport),
  ],
);

/** The exporter is known. */
export interface RegisterResponse {
  /** Names the exporter. */
  uuid: string;
}
/** The exporter is known. */
export const RegisterResponse: Codec<RegisterResponse> = message(
  "jumpstarter.v1.RegisterResponse",
  () => [
    field(1, "uuid", "string"),
  ],
);

/** An exporter leaves. */
export interface UnregisterRequest {
  /** Why, for people. */
  reason: string;
}
/** An exporter leaves. */
export const UnregisterRequest: Codec<UnregisterRequest> = message(
  "jumpstarter.v1.UnregisterRequest",
  () => [
    field(2, "reason", "string"),
  ],
);

/** The exporter is gone. */
export type UnregisterResponse = Record<string, never>;
/** The exporter is gone. */
export const UnregisterResponse: Codec<UnregisterResponse> = message(
  "jumpstarter.v1.UnregisterResponse",
  () => [],
);

/** What an exporter is doing. */
export interface ReportStatusRequest {
  /** The status. */
  status: ExporterStatus;
  /** Text for people. */
  message?: string;
  /** Asks to end the lease that the exporter is under. */
  releaseLease?: boolean;
}
/** What an exporter is doing. */
export const ReportStatusRequest: Codec<ReportStatusRequest> = message(
  "jumpstarter.v1.ReportStatusRequest",
  () => [
    field(1, "status", "enum"),
    optional(2, "message", "string"),
    optional(3, "releaseLease", "bool"),
  ],
);

/** The status is noted. */
export type ReportStatusResponse = Record<string, never>;
/** The status is noted. */
export const ReportStatusResponse: Codec<ReportStatusResponse> = message(
  "jumpstarter.v1.ReportStatusResponse",
  () => [],
);

/** Waits for clients of a lease. */
export interface ListenRequest {
  /** The lease's bare name. */
  leaseName: string;
}
/** Waits for clients of a lease. */
export const ListenRequest: Codec<ListenRequest> = message("jumpstarter.v1.ListenRequest", () => [
  field(1, "leaseName", "string"),
]);

/** A client has dialed: meet it at the router. */
export interface ListenResponse {
  /** Host and port of the router. */
  routerEndpoint: string;
  /** Lets this one stream in. */
  routerToken: string;
}
/** A client has dialed: meet it at the router. */
export const ListenResponse: Codec<ListenResponse> = message(
  "jumpstarter.v1.ListenResponse",
  () => [
    field(1, "routerEndpoint", "string"),
    field(2, "routerToken", "string"),
  ],
);

/** Follows who holds the exporter's lease. */
export type StatusRequest = Record<string, never>;
/** Follows who holds the exporter's lease. */
export const StatusRequest: Codec<StatusRequest> = message(
  "jumpstarter.v1.StatusRequest",
  () => [],
);

/** Who holds the exporter's lease. */
export interface StatusResponse {
  /** Whether anyone does. */
  leased: boolean;
  /** The lease's bare name. */
  leaseName?: string;
  /** The holder's name. */
  clientName?: string;
  /** What the holder has attached to the lease. */
  context: Record<string, string>;
}
/** Who holds the exporter's lease. */
export const StatusResponse: Codec<StatusResponse> = message(
  "jumpstarter.v1.StatusResponse",
  () => [
    field(1, "leased", "bool"),
    optional(2, "leaseName", "string"),
    optional(3, "clientName", "string"),
    map(4, "context", "string"),
  ],
);

/** Asks for a way to an exporter. */
export interface DialRequest {
  /** The lease's bare name. */
  leaseName: string;
}
/** Asks for a way to an exporter. */
export const DialRequest: Codec<DialRequest> = message("jumpstarter.v1.DialRequest", () => [
  field(1, "leaseName", "string"),
]);

/** Meet the exporter at the router. */
export interface DialResponse {
  /** Host and port of the router. */
  routerEndpoint: string;
  /** Lets this one stream in. */
  routerToken: string;
}
/** Meet the exporter at the router. */
export const DialResponse: Codec<DialResponse> = message("jumpstarter.v1.DialResponse", () => [
  field(1, "routerEndpoint", "string"),
  field(2, "routerToken", "string"),
]);

/** One audit record. */
export interface AuditStreamRequest {
  /** The exporter it is about. */
  exporterUuid: string;
  /** The driver instance it is about. */
  driverInstanceUuid: string;
  /** Level name. */
  severity: string;
  /** The text. */
  message: string;
}
/** One audit record. */
export const AuditStreamRequest: Codec<AuditStreamRequest> = message(
  "jumpstarter.v1.AuditStreamRequest",
  () => [
    field(1, "exporterUuid", "string"),
    field(2, "driverInstanceUuid", "string"),
    field(3, "severity", "string"),
    field(4, "message", "string"),
  ],
);

/** Asks for one lease. */
export interface GetLeaseRequest {
  /** The lease's bare name. */
  name: string;
}
/** Asks for one lease. */
export const GetLeaseRequest: Codec<GetLeaseRequest> = message(
  "jumpstarter.v1.GetLeaseRequest",
  () => [
    field(1, "name", "string"),
  ],
);

/** A lease. */
export interface GetLeaseResponse {
  /** How long it was asked for. */
  duration?: Duration;
  /** Which exporters suit it. */
  selector?: LabelSelector;
  /** When it began. */
  beginTime?: Timestamp;
  /** When it ended. */
  endTime?: Timestamp;
  /** The exporter it got. */
  exporterUuid?: string;
  /** How it stands; Ready is the last one. */
  conditions: Condition[];
}
/** A lease. */
export const GetLeaseResponse: Codec<GetLeaseResponse> = message(
  "jumpstarter.v1.GetLeaseResponse",
  () => [
    optional(1, "duration", Duration),
    optional(2, "selector", LabelSelector),
    optional(3, "beginTime", Timestamp),
    optional(4, "endTime", Timestamp),
    optional(5, "exporterUuid", "string"),
    repeated(6, "conditions", Condition),
  ],
);

/** Asks for a new lease. */
export interface RequestLeaseRequest {
  /** For how long. */
  duration?: Duration;
  /** Which exporters suit it. */
  selector?: LabelSelector;
}
/** Asks for a new lease. */
export const RequestLeaseRequest: Codec<RequestLeaseRequest> = message(
  "jumpstarter.v1.RequestLeaseRequest",
  () => [
    optional(1, "duration", Duration),
    optional(2, "selector", LabelSelector),
  ],
);

/** The lease is asked for, and may still be waiting. */
export interface RequestLeaseResponse {
  /** The lease's bare name. */
  name: string;
}
/** The lease is asked for, and may still be waiting. */
export const RequestLeaseResponse: Codec<RequestLeaseResponse> = message(
  "jumpstarter.v1.RequestLeaseResponse",
  () => [
    field(1, "name", "string"),
  ],
);

/** Gives a lease back. */
export interface ReleaseLeaseRequest {
  /** The lease's bare name. */
  name: string;
}
/** Gives a lease back. */
export const ReleaseLeaseRequest: Codec<ReleaseLeaseRequest> = message(
  "jumpstarter.v1.ReleaseLeaseRequest",
  () => [
    field(1, "name", "string"),
  ],
);

/** The lease is ended. */
export type ReleaseLeaseResponse = Record<string, never>;
/** The lease is ended. */
export const ReleaseLeaseResponse: Codec<ReleaseLeaseResponse> = message(
  "jumpstarter.v1.ReleaseLeaseResponse",
  () => [],
);

/** Asks for all leases of the caller. */
export type ListLeasesRequest = Record<string, never>;
/** Asks for all leases of the caller. */
export const ListLeasesRequest: Codec<ListLeasesRequest> = message(
  "jumpstarter.v1.ListLeasesRequest",
  () => [],
);

/** The leases of the caller. */
export interface ListLeasesResponse {
  /** Their bare names. */
  names: string[];
}
/** The leases of the caller. */
export const ListLeasesResponse: Codec<ListLeasesResponse> = message(
  "jumpstarter.v1.ListLeasesResponse",
  () => [
    repeated(1, "names", "string"),
  ],
);

/** Asks where else to connect. */
export type GetServiceEndpointsRequest = Record<string, never>;
/** Asks where else to connect. */
export const GetServiceEndpointsRequest: Codec<GetServiceEndpointsRequest> = message(
  "jumpstarter.v1.GetServiceEndpointsRequest",
  () => [],
);

/** Where else to connect. */
export interface GetServiceEndpointsResponse {
  /** Collectors of log records. */
  telemetryEndpoints: TelemetryEndpoint[];
}
/** Where else to connect. */
export const GetServiceEndpointsResponse: Codec<GetServiceEndpointsResponse> = message(
  "jumpstarter.v1.GetServiceEndpointsResponse",
  () => [
    repeated(1, "telemetryEndpoints", TelemetryEndpoint),
  ],
);

/** A collector of log records. */
export interface TelemetryEndpoint {
  /** Host and port. */
  endpoint: string;
  /** Certificate of its authority, PEM; may be empty. */
  certificate: string;
  /** The least level it wants, in lower case. */
  minSeverity: string;
}
/** A collector of log records. */
export const TelemetryEndpoint: Codec<TelemetryEndpoint> = message(
  "jumpstarter.v1.TelemetryEndpoint",
  () => [
    field(1, "endpoint", "string"),
    field(2, "certificate", "string"),
    field(3, "minSeverity", "string"),
  ],
);

/** Where exporters sign in, and where clients find them. */
export type ControllerService = {
  /** An exporter announces itself and its drivers. */
  readonly register: Method<RegisterRequest, RegisterResponse>;
  /** An exporter leaves. */
  readonly unregister: Method<UnregisterRequest, UnregisterResponse>;
  /** An exporter tells what it is doing. */
  readonly reportStatus: Method<ReportStatusRequest, ReportStatusResponse>;
  /** An exporter waits for clients that dial its lease. */
  readonly listen: Method<ListenRequest, ListenResponse, false, true>;
  /** An exporter follows who holds its lease. */
  readonly status: Method<StatusRequest, StatusResponse, false, true>;
  /** A client asks for a way to the exporter of its lease. */
  readonly dial: Method<DialRequest, DialResponse>;
  /** An exporter hands over audit records. Newer peers do not have it. */
  readonly auditStream: Method<AuditStreamRequest, Empty, true, false>;
  /** Shows a lease. Clients now use ClientService for this. */
  readonly getLease: Method<GetLeaseRequest, GetLeaseResponse>;
  /** Asks for a lease. Clients now use ClientService for this. */
  readonly requestLease: Method<RequestLeaseRequest, RequestLeaseResponse>;
  /** Gives a lease back. */
  readonly releaseLease: Method<ReleaseLeaseRequest, ReleaseLeaseResponse>;
  /** Lists leases. Clients now use ClientService for this. */
  readonly listLeases: Method<ListLeasesRequest, ListLeasesResponse>;
  /** An exporter asks where else it may connect. */
  readonly getServiceEndpoints: Method<GetServiceEndpointsRequest, GetServiceEndpointsResponse>;
};
/** Where exporters sign in, and where clients find them. */
export const ControllerService: ControllerService = {
  register: unary("/jumpstarter.v1.ControllerService/Register", RegisterRequest, RegisterResponse),
  unregister: unary(
    "/jumpstarter.v1.ControllerService/Unregister",
    UnregisterRequest,
    UnregisterResponse,
  ),
  reportStatus: unary(
    "/jumpstarter.v1.ControllerService/ReportStatus",
    ReportStatusRequest,
    ReportStatusResponse,
  ),
  listen: serverStream("/jumpstarter.v1.ControllerService/Listen", ListenRequest, ListenResponse),
  status: serverStream("/jumpstarter.v1.ControllerService/Status", StatusRequest, StatusResponse),
  dial: unary("/jumpstarter.v1.ControllerService/Dial", DialRequest, DialResponse),
  auditStream: clientStream(
    "/jumpstarter.v1.ControllerService/AuditStream",
    AuditStreamRequest,
    Empty,
  ),
  getLease: unary("/jumpstarter.v1.ControllerService/GetLease", GetLeaseRequest, GetLeaseResponse),
  requestLease: unary(
    "/jumpstarter.v1.ControllerService/RequestLease",
    RequestLeaseRequest,
    RequestLeaseResponse,
  ),
  releaseLease: unary(
    "/jumpstarter.v1.ControllerService/ReleaseLease",
    ReleaseLeaseRequest,
    ReleaseLeaseResponse,
  ),
  listLeases: unary(
    "/jumpstarter.v1.ControllerService/ListLeases",
    ListLeasesRequest,
    ListLeasesResponse,
  ),
  getServiceEndpoints: unary(
    "/jumpstarter.v1.ControllerService/GetServiceEndpoints",
    GetServiceEndpointsRequest,
    GetServiceEndpointsResponse,
  ),
};
