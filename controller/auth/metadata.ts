import { RpcError } from "@jumpstarter/lib/rpc";
import type { PrincipalKind } from "./principal.ts";

/** Looks up request metadata: every value of a key, in order; none when it was not sent. */
export type RequestMetadata = (key: string) => readonly string[];

/** The metadata that every call to the controller carries. */
export const METADATA = {
  authorization: "authorization",
  namespace: "jumpstarter-namespace",
  kind: "jumpstarter-kind",
  name: "jumpstarter-name",
} as const;

/** Who a caller says it is. */
export interface ClaimedIdentity {
  /** `jumpstarter-namespace` */
  readonly namespace: string;
  /** `jumpstarter-kind` */
  readonly kind: string;
  /** Empty when it was not given, or given more than once. */
  readonly name: string;
}

const SCHEME = "bearer ";

/**
 * The token of `authorization: Bearer TOKEN`.
 *
 * @throws {RpcError} UNAUTHENTICATED without one, INVALID_ARGUMENT for several and other schemes
 */
export function bearerToken(metadata: RequestMetadata): string {
  const [header, another] = valuesOf(metadata, METADATA.authorization);
  if (header === undefined) {
    throw new RpcError("UNAUTHENTICATED", "missing authorization header");
  }
  if (another !== undefined) refuse("multiple authorization headers");
  if (header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) {
    refuse("malformed authorization header");
  }
  return header.slice(SCHEME.length);
}

/**
 * Reads `jumpstarter-namespace`, `-kind` and `-name`.
 *
 * @throws {RpcError} INVALID_ARGUMENT when namespace or kind is missing or repeated
 */
export function claimedIdentity(metadata: RequestMetadata): ClaimedIdentity {
  const names = valuesOf(metadata, METADATA.name);
  return {
    namespace: only(metadata, METADATA.namespace),
    kind: only(metadata, METADATA.kind),
    name: names.length === 1 ? names[0]! : "",
  };
}

/** Who calls an RPC that serves both kinds: an exporter if it says so once, otherwise a client. */
export function callingKind(metadata: RequestMetadata): PrincipalKind {
  const [kind, another] = valuesOf(metadata, METADATA.kind);
  return kind === "Exporter" && another === undefined ? "Exporter" : "Client";
}

function only(metadata: RequestMetadata, key: string): string {
  const [value, another] = valuesOf(metadata, key);
  if (value === undefined) refuse(`missing metadata: ${key}`);
  if (another !== undefined) refuse(`multiple metadata: ${key}`);
  return value;
}

/** HTTP/2 libraries join repeated headers with commas, which none of these values contains. */
function valuesOf(metadata: RequestMetadata, key: string): readonly string[] {
  return metadata(key).flatMap((value) => value.split(/, */));
}

function refuse(details: string): never {
  throw new RpcError("INVALID_ARGUMENT", details);
}
