/** What a path of the API means. */
import { type KindFacts, KINDS, PLURALS } from "../store/mod.ts";
import { ApiError, noSuchPath } from "./api_error.ts";

/** A document that is the same for everybody. */
export interface DocumentRoute {
  readonly what: "document";
  /** The path, without a slash at its end. */
  readonly path: string;
}

/** Namespaces, which are not kept in the store. */
export interface NamespaceRoute {
  readonly what: "namespaces";
  /** The name of the one that is meant. */
  readonly name: string | undefined;
}

/** Objects of the store. */
export interface ObjectRoute {
  readonly what: "collection" | "object" | "status";
  /** Their kind. */
  readonly kind: KindFacts;
  /** Their namespace; undefined for all namespaces. */
  readonly namespace: string | undefined;
  /** The name of the object; empty for a collection. */
  readonly name: string;
}

/** What happened in a namespace. */
export interface AuditRoute {
  readonly what: "audit";
  /** The namespace that is served answers for all. */
  readonly namespace: string;
}

/** What a request is about. */
export type Route = AuditRoute | DocumentRoute | NamespaceRoute | ObjectRoute;

const GROUPS: readonly { prefix: string; group: string }[] = [
  { prefix: "/api/v1/", group: "" },
  { prefix: "/apis/jumpstarter.dev/v1alpha1/", group: "jumpstarter.dev" },
];

/** Finds out what a path means; throws an {@linkcode ApiError} when it means nothing. */
export function routeOf(pathname: string): Route {
  const path = pathname.replace(/\/+$/, "");
  const found = GROUPS.find(({ prefix }) => path.startsWith(prefix));
  if (found === undefined) return { what: "document", path };
  const parts = path.slice(found.prefix.length).split("/").map(decoded);
  if (found.group === "" && parts[0] === "namespaces" && parts.length <= 2) {
    return { what: "namespaces", name: parts[1] };
  }
  const isNamespaced = parts[0] === "namespaces";
  const namespace = isNamespaced ? parts[1] : undefined;
  const [plural = "", name = "", subresource, more] = isNamespaced ? parts.slice(2) : parts;
  // Only whole collections can be had over all namespaces.
  if (more !== undefined || namespace === "" || (!isNamespaced && name !== "")) throw noSuchPath();
  if (found.group !== "" && plural === "auditevents" && name === "") {
    return { what: "audit", namespace: namespace ?? "" };
  }
  const kind = PLURALS.map((one) => KINDS[one])
    .find((one) => one.group === found.group && one.plural === plural);
  if (kind === undefined) throw noSuchPath();
  if (subresource === undefined) {
    return { what: name === "" ? "collection" : "object", kind, namespace, name };
  }
  if (subresource !== "status" || !kind.hasStatus || name === "") throw noSuchPath();
  return { what: "status", kind, namespace, name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError("BadRequest", `"${part}" in the path is not well-formed`);
  }
}
