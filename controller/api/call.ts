/** One request about objects of the store, with what every verb wants to know of it. */
import type { Collection, JsonObject, KindFacts, Store, StoredObject } from "../store/mod.ts";
import { CONTENT_TYPES, type Form } from "./accept.ts";
import { ApiError } from "./api_error.ts";
import type { ObjectRoute } from "./route.ts";
import { tableOf } from "./table.ts";

/** A request about objects of the store. */
export interface Call {
  /** The request itself. */
  readonly request: Request;
  /** What the path means. */
  readonly route: ObjectRoute;
  /** What stands after `?`. */
  readonly query: URLSearchParams;
  /** The objects. */
  readonly collection: Collection<StoredObject>;
  /** What the answer is to look like. */
  readonly form: Form;
  /** Aborts when the API ends. */
  readonly closing: AbortSignal;
  /** The clock. */
  readonly now: () => Date;
}

/** Answers a request. */
export type Verb = (call: Call) => Promise<Response>;

/** The objects of a kind; that they are of one type is not known here. */
export function collectionOf(store: Store, { plural }: KindFacts): Collection<StoredObject> {
  return store.collection(plural) as unknown as Collection<StoredObject>;
}

/** Answers with JSON. */
export function json(
  body: JsonObject,
  { status = 200, form = "plain", headers = {} }: {
    status?: number;
    form?: Form;
    headers?: Record<string, string>;
  } = {},
): Response {
  return new Response(JSON.stringify(body) + "\n", {
    status,
    headers: { "content-type": CONTENT_TYPES[form], "cache-control": "no-store", ...headers },
  });
}

/** Answers with one object, in the form that was asked for. */
export function answer(
  call: Call,
  object: StoredObject,
  { status = 200, warnings = [] }: { status?: number; warnings?: readonly string[] } = {},
): Response {
  const { resourceVersion } = object.metadata;
  const body = call.form === "table"
    ? table(call, [object], { resourceVersion })
    : presented(object);
  return json(body, { status, headers: warningHeader(warnings) });
}

/** Makes a table of objects. */
export function table(
  { route, query, now }: Call,
  objects: readonly StoredObject[],
  metadata: JsonObject,
): JsonObject {
  return tableOf(objects.map(presented), {
    plural: route.kind.plural,
    now: now(),
    include: query.get("includeObject"),
    metadata,
  });
}

/**
 * An object as clients expect it: API servers always tell of `managedFields`, and there are clients
 * that fail without.
 */
export function presented(object: StoredObject): StoredObject & JsonObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, managedFields: metadata.managedFields ?? [] } };
}

/** Whether a write is only to be tried. */
export function dryRunOf(query: URLSearchParams): boolean {
  const asked = query.getAll("dryRun");
  if (asked.every((one) => one === "" || one === "All")) return asked.includes("All");
  throw new ApiError("BadRequest", `dryRun: Unsupported value: "${asked}": there is only "All"`);
}

/** Reads a parameter that is a whole number; undefined when it is not there. */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name) ?? "";
  if (given === "") return undefined;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new ApiError("BadRequest", `${name}: Invalid value: "${given}": it is not a whole number`);
}

/** Reads a parameter that is a switch. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const given = query.get(name);
  return given !== null && given !== "0" && given !== "false";
}

/** All warnings together, bytes, as they go into one header. */
const MAX_WARNINGS = 4096;

function warningHeader(warnings: readonly string[]): Record<string, string> {
  if (warnings.length === 0) return {};
  const texts = warnings.map((warning) => {
    const safe = warning.replaceAll(/[^ -~]/g, "?").replaceAll(/["\\]/g, "\\$&");
    return `299 - "${safe}"`;
  });
  let length = 0;
  const kept = texts.filter((text) => (length += text.length + 2) <= MAX_WARNINGS);
  return kept.length === 0 ? {} : { warning: kept.join(", ") };
}
