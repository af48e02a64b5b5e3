// Made from jumpstarter/client/v1/client.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, optional, repeated } from "../message.ts";
import { type Method, unary } from "../service.ts";
import type { ExporterStatus } from "./common.ts";
import { Duration, Empty, FieldMask, Timestamp } from "./google.ts";
import { Condition } from "./kubernetes.ts";

/** An exporter as clients see it. */
export interface Exporter {
  /** Its path. */
  name: string;
  /** Its labels. */
  labels: Record<string, string>;
  /** Whether it is connected. Read the status instead. */
  online: boolean;
  /** What it is doing. */
  status: ExporterStatus;
  /** Text for people. */
  statusMessage: string;
  /** False when no new lease may take it; absent means true. */
  enabled?: boolean;
  /** Labels that will go away, with the advice to show. */
  deprecatedLabels: Record<string, string>;
}
/** An exporter as clients see it. */
export const Exporter: Codec<Exporter> = message("jumpstarter.client.v1.Exporter", () => [
  field(1, "name", "string"),
  map(2, "labels", "string"),
  field(3, "online", "bool"),
  field(4, "status", "enum"),
  field(5, "statusMessage", "string"),
  optional(6, "enabled", "bool"),
  map(7, "deprecatedLabels", "string"),
]);

/** A lease as clients see it. */
export interface Lease {
  /** Its path. */
  name: string;
  /** Which exporters suit it, written as a label selector. */
  selector: string;
  /** How long it was asked for. */
  duration?: Duration;
  /** How long it has lasted. */
  effectiveDuration?: Duration;
  /** When it was asked to begin. */
  beginTime?: Timestamp;
  /** When it began. */
  effectiveBeginTime?: Timestamp;
  /** When it was asked to end. */
  endTime?: Timestamp;
  /** When it ended. */
  effectiveEndTime?: Timestamp;
  /** Path of the client that holds it. */
  client?: string;
  /** Path of the exporter it got. */
  exporter?: string;
  /** How it stands; Ready is the last one. */
  conditions: Condition[];
  /** Bare name of the one exporter that is wanted; empty counts as absent. */
  exporterName?: string;
  /** Labels of the lease itself. */
  tags: Record<string, string>;
  /** Whether an exporter that is not enabled will do. */
  allowDisabled: boolean;
  /** What the holder tells the exporter. */
  context: Record<string, string>;
  /** Labels in the selector that will go away, with the advice to show. */
  deprecatedLabels: Record<string, string>;
}
/** A lease as clients see it. */
export const Lease: Codec<Lease> = message("jumpstarter.client.v1.Lease", () => [
  field(1, "name", "string"),
  field(2, "selector", "string"),
  optional(3, "duration", Duration),
  optional(4, "effectiveDuration", Duration),
  optional(5, "beginTime", Timestamp),
  optional(6, "effectiveBeginTime", Timestamp),
  optional(7, "endTime", Timestamp),
  optional(8, "effectiveEndTime", Timestamp),
  optional(9, "client", "string"),
  optional(10, "exporter", "string"),
  repeated(11, "conditions", Condition),
  optional(12, "exporterName", "string"),
  map(13, "tags", "string"),
  field(14, "allowDisabled", "bool"),
  map(15, "context", "string"),
  map(16, "deprecatedLabels", "string"),
]);

/** Asks for one exporter. */
export interface GetExporterRequest {
  /** Its path. */
  name: string;
  /** Whether to show labels that are hidden otherwise. */
  showHiddenLabels: boolean;
}
/** Asks for one exporter. */
export const GetExporterRequest: Codec<GetExporterRequest> = message(
  "jumpstarter.client.v1.GetExporterRequest",
  () => [
    field(1, "name", "string"),
    field(2, "showHiddenLabels", "bool"),
  ],
);

/** Asks for exporters. */
export interface ListExportersRequest {
  /** Path of the namespace. */
  parent: string;
  /** How many at most. */
  pageSize: number;
  /** Where to go on, from the previous answer. */
  pageToken: string;
  /** A label selector. */
  filter: string;
  /** Whether to show labels that are hidden otherwise. */
  showHiddenLabels: boolean;
}
/** Asks for exporters. */
export const ListExportersRequest: Codec<ListExportersRequest> = message(
  "jumpstarter.client.v1.ListExportersRequest",
  () => [
    field(1, "parent", "string"),
    field(2, "pageSize", "int32"),
    field(3, "pageToken", "string"),
    field(4, "filter", "string"),
    field(5, "showHiddenLabels", "bool"),
  ],
);

/** Some exporters. */
export interface ListExportersResponse {
  /** The exporters. */
  exporters: Exporter[];
  /** Where to go on; empty at the end. */
  nextPageToken: string;
}
/** Some exporters. */
export const ListExportersResponse: Codec<ListExportersResponse> = message(
  "jumpstarter.client.v1.ListExportersResponse",
  () => [
    repeated(1, "exporters", Exporter),
    field(2, "nextPageToken", "string"),
  ],
);

/** Asks for one lease. */
export interface GetLeaseRequest {
  /** Its path. */
  name: string;
}
/** Asks for one lease. */
export const GetLeaseRequest: Codec<GetLeaseRequest> = message(
  "jumpstarter.client.v1.GetLeaseRequest",
  () => [
    field(1, "name", "string"),
  ],
);

/** Asks for leases. */
export interface ListLeasesRequest {
  /** Path of the namespace. */
  parent: string;
  /** How many at most. */
  pageSize: number;
  /** Where to go on, from the previous answer. */
  pageToken: string;
  /** A label selector. */
  filter: string;
  /** Whether to leave out ended leases; absent means true. */
  onlyActive?: boolean;
  /** A label selector over tags. */
  tagFilter: string;
}
/** Asks for leases. */
export const ListLeasesRequest: Codec<ListLeasesRequest> = message(
  "jumpstarter.client.v1.ListLeasesRequest",
  () => [
    field(1, "parent", "string"),
    field(2, "pageSize", "int32"),
    field(3, "pageToken", "string"),
    field(4, "filter", "string"),
    optional(5, "onlyActive", "bool"),
    field(6, "tagFilter", "string"),
  ],
);

/** Some leases. */
export interface ListLeasesResponse {
  /** The leases. */
  leases: Lease[];
  /** Where to go on; empty at the end. */
  nextPageToken: string;
}
/** Some leases. */
export const ListLeasesResponse: Codec<ListLeasesResponse> = message(
  "jumpstarter.client.v1.ListLeasesResponse",
  () => [
    repeated(1, "leases", Lease),
    field(2, "nextPageToken", "string"),
  ],
);

/** Asks for a new lease. */
export interface CreateLeaseRequest {
  /** Path of the namespace. */
  parent: string;
  /** Bare name for the lease; empty lets the controller choose. */
  leaseId: string;
  /** What is wanted. */
  lease?: Lease;
}
/** Asks for a new lease. */
export const CreateLeaseRequest: Codec<CreateLeaseRequest> = message(
  "jumpstarter.client.v1.CreateLeaseRequest",
  () => [
    field(1, "parent", "string"),
    field(2, "leaseId", "string"),
    optional(3, "lease", Lease),
  ],
);

/** Changes a lease. */
export interface UpdateLeaseRequest {
  /** The lease with its new values. */
  lease?: Lease;
  /** Which fields to change. */
  updateMask?: FieldMask;
}
/** Changes a lease. */
export const UpdateLeaseRequest: Codec<UpdateLeaseRequest> = message(
  "jumpstarter.client.v1.UpdateLeaseRequest",
  () => [
    optional(1, "lease", Lease),
    optional(2, "updateMask", FieldMask),
  ],
);

/** Ends a lease. */
export interface DeleteLeaseRequest {
  /** Its path. */
  name: string;
}
/** Ends a lease. */
export const DeleteLeaseRequest: Codec<DeleteLeaseRequest> = message(
  "jumpstarter.client.v1.DeleteLeaseRequest",
  () => [
    field(1, "name", "string"),
  ],
);

/** Asks for a new token. */
export interface RotateTokenRequest {
  /** Path of the namespace. */
  parent: string;
}
/** Asks for a new token. */
export const RotateTokenRequest: Codec<RotateTokenRequest> = message(
  "jumpstarter.client.v1.RotateTokenRequest",
  () => [
    field(1, "parent", "string"),
  ],
);

/** A new token. */
export interface RotateTokenResponse {
  /** The token; a secret. */
  token: string;
  /** When it stops working. */
  expiry?: Timestamp;
}
/** A new token. */
export const RotateTokenResponse: Codec<RotateTokenResponse> = message(
  "jumpstarter.client.v1.RotateTokenResponse",
  () => [
    field(1, "token", "string"),
    optional(2, "expiry", Timestamp),
  ],
);

/**
 * How a client looks for exporters and manages its leases.
 * Objects are named by path: namespaces/{namespace}/{kind}/{name}.
 */
export type ClientService = {
  /** Shows one exporter. */
  readonly getExporter: Method<GetExporterRequest, Exporter>;
  /** Lists the exporters of a namespace. */
  readonly listExporters: Method<ListExportersRequest, ListExportersResponse>;
  /** Shows one lease. */
  readonly getLease: Method<GetLeaseRequest, Lease>;
  /** Lists the leases of a namespace. */
  readonly listLeases: Method<ListLeasesRequest, ListLeasesResponse>;
  /** Asks for a new lease. */
  readonly createLease: Method<CreateLeaseRequest, Lease>;
  /** Changes a lease. */
  readonly updateLease: Method<UpdateLeaseRequest, Lease>;
  /** Ends a lease. */
  readonly deleteLease: Method<DeleteLeaseRequest, Empty>;
  /** Gives the caller a new token. */
  readonly rotateToken: Method<RotateTokenRequest, RotateTokenResponse>;
};
/**
 * How a client looks for exporters and manages its leases.
 * Objects are named by path: namespaces/{namespace}/{kind}/{name}.
 */
export const ClientService: ClientService = {
  getExporter: unary(
    "/jumpstarter.client.v1.ClientService/GetExporter",
    GetExporterRequest,
    Exporter,
  ),
  listExporters: unary(
    "/jumpstarter.client.v1.ClientService/ListExporters",
    ListExportersRequest,
    ListExportersResponse,
  ),
  getLease: unary("/jumpstarter.client.v1.ClientService/GetLease", GetLeaseRequest, Lease),
  listLeases: unary(
    "/jumpstarter.client.v1.ClientService/ListLeases",
    ListLeasesRequest,
    ListLeasesResponse,
  ),
  createLease: unary("/jumpstarter.client.v1.ClientService/CreateLease", CreateLeaseRequest, Lease),
  updateLease: unary("/jumpstarter.client.v1.ClientService/UpdateLease", UpdateLeaseRequest, Lease),
  deleteLease: unary("/jumpstarter.client.v1.ClientService/DeleteLease", DeleteLeaseRequest, Empty),
  rotateToken: unary(
    "/jumpstarter.client.v1.ClientService/RotateToken",
    RotateTokenRequest,
    RotateTokenResponse,
  ),
};
