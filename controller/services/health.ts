import { RpcError, type RpcServer } from "@jumpstarter/lib/rpc";
import type { Codec, Method } from "@jumpstarter/proto";

/** `HealthCheckResponse` with the status SERVING. */
const SERVING = new Uint8Array([0x08, 0x01]);

/** `HealthCheckRequest`: a service's name. */
const request: Codec<{ service: string }> = {
  typeName: "grpc.health.v1.HealthCheckRequest",
  encode: () => new Uint8Array(),
  decode(bytes) {
    if (bytes.length === 0) return { service: "" };
    const isName = bytes[0] === 0x0a && bytes[1]! < 0x80 && bytes.length === bytes[1]! + 2;
    if (!isName) throw new RpcError("INVALID_ARGUMENT", "the request is no HealthCheckRequest");
    return { service: new TextDecoder().decode(bytes.subarray(2)) };
  },
};

const response: Codec<Record<never, never>> = {
  typeName: "grpc.health.v1.HealthCheckResponse",
  encode: () => SERVING,
  decode: () => ({}),
};

const check: Method<{ service: string }, Record<never, never>> = {
  path: "/grpc.health.v1.Health/Check",
  requestStream: false,
  responseStream: false,
  request,
  response,
};

/** Adds `grpc.health.v1.Health/Check`: a controller that answers at all is serving. */
export function addHealth(server: RpcServer): void {
  server.add({ check }, {
    check({ service }) {
      if (service === "") return {};
      throw new RpcError("NOT_FOUND", `unknown service ${service}`);
    },
  });
}
