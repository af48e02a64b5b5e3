/**
 * The gRPC contract between clients, exporters, the controller and the router: a typed codec for
 * each message, and each service as a table of methods.
 *
 * @example
 * ```ts
 * import { DriverCallRequest, ExporterService } from "@jumpstarter/proto";
 *
 * const { path, request } = ExporterService.driverCall;
 * console.log(path); // /jumpstarter.v1.ExporterService/DriverCall
 *
 * const bytes = request.encode({ method: "set", args: [{ numberValue: 1 }] });
 * console.log(DriverCallRequest.decode(bytes).args); // [ { numberValue: 1 } ]
 * ```
 *
 * @module
 */
export { type Codec, DecodeError, type Init } from "./codec.ts";
export type { Method, ServiceDefinition } from "./service.ts";

export * from "./gen/common.ts";
export * from "./gen/controller.ts";
export * from "./gen/exporter.ts";
export * from "./gen/google.ts";
export * from "./gen/health.ts";
export * from "./gen/kubernetes.ts";
export * from "./gen/reflection.ts";
export * from "./gen/router.ts";
export * from "./gen/telemetry.ts";

/** Messages of `jumpstarter.client.v1`, some of which share a name with those of the controller. */
export * as client from "./gen/client.ts";
export { ClientService } from "./gen/client.ts";
