// Made from grpc/health/v1/health.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, message } from "../message.ts";
import { type Method, unary } from "../service.ts";

/** Whether a service takes calls. */
export const ServingStatus = {
  /** Not known. */
  UNKNOWN: 0,
  /** It takes calls. */
  SERVING: 1,
  /** It takes none now. */
  NOT_SERVING: 2,
  /** There is no such service. */
  SERVICE_UNKNOWN: 3,
} as const;
/** Whether a service takes calls. */
export type ServingStatus = (typeof ServingStatus)[keyof typeof ServingStatus] | number;

/** A question about a service. */
export interface HealthCheckRequest {
  /** The full name of the service; empty for the server as a whole. */
  service: string;
}
/** A question about a service. */
export const HealthCheckRequest: Codec<HealthCheckRequest> = message(
  "grpc.health.v1.HealthCheckRequest",
  () => [
    field(1, "service", "string"),
  ],
);

/** The answer. */
export interface HealthCheckResponse {
  /** Whether it takes calls. */
  status: ServingStatus;
}
/** The answer. */
export const HealthCheckResponse: Codec<HealthCheckResponse> = message(
  "grpc.health.v1.HealthCheckResponse",
  () => [
    field(1, "status", "enum"),
  ],
);

/** Tells whether a server takes calls. */
export type Health = {
  /** Asks once. */
  readonly check: Method<HealthCheckRequest, HealthCheckResponse>;
};
/** Tells whether a server takes calls. */
export const Health: Health = {
  check: unary("/grpc.health.v1.Health/Check", HealthCheckRequest, HealthCheckResponse),
};
