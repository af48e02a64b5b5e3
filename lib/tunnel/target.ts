import { type Endpoint, parseEndpoint } from "../rpc/endpoint.ts";

/** The port of a service that names none. */
const DEFAULT_PORT = 443;

/**
 * Reads the address of a service as gRPC's peers write it: `host:port`, or a host alone for port 443,
 * with or without `dns:///` before it; `unix:` and an absolute path name a socket.
 */
export function parseTarget(text: string): Endpoint {
  const target = text.replace(/^dns:(\/\/\/)?/, "");
  const endpoint = parseEndpoint(target);
  if (endpoint.kind === "tcp" || /^(unix:|\/)/.test(target)) return endpoint;
  return { kind: "tcp", hostname: target.replace(/^\[(.*)\]$/, "$1"), port: DEFAULT_PORT };
}
