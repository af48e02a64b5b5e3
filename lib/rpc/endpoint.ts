import { ConfigError } from "../errors.ts";

/** Where a gRPC server is reached. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number };

/** One that is reached over a network. */
export type TcpEndpoint = Extract<Endpoint, { readonly kind: "tcp" }>;

/**
 * Reads an endpoint as `JUMPSTARTER_HOST` and configurations write it: `host:port` with a port from
 * 1 to 65535, an IPv6 address in brackets; everything else is the path of a Unix socket, with or
 * without `unix:` before it.
 */
export function parseEndpoint(text: string): Endpoint {
  if (text === "") {
    throw new ConfigError("the endpoint is empty; give host:port or a socket's path");
  }
  if (text.startsWith("unix:")) {
    return { kind: "unix", path: text.slice("unix:".length).replace(/^\/\/(?=\/)/, "") };
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|(.*)):(\d{1,5})$/.exec(text) ?? [];
  const hostname = bracketed ?? plain;
  const port = Number(digits);
  if (hostname === undefined || hostname === "" || port < 1 || port > 65_535) {
    return { kind: "unix", path: text };
  }
  return { kind: "tcp", hostname, port };
}

/** The endpoint as {@linkcode parseEndpoint} reads it. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === "unix") return endpoint.path;
  const { hostname, port } = endpoint;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
