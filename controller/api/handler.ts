/** From a request to its answer: who asks, what for, and what comes of it. */
import type { JsonObject, Store } from "../store/mod.ts";
import { chooseForm, type Form } from "./accept.ts";
import type { AuditLog } from "../audit/mod.ts";
import { ApiError, noSuchPath } from "./api_error.ts";
import { readAudit } from "./audit.ts";
import { readBytes } from "./body.ts";
import { collectionOf, json, type Verb } from "./call.ts";
import { credentialCheck } from "./credential.ts";
import { AGGREGATED, DISCOVERY } from "./discovery.ts";
import { namespaces } from "./namespaces.ts";
import { openApi } from "./openapi.ts";
import { patch } from "./patch.ts";
import { get, list } from "./read.ts";
import { REVIEWS } from "./reviews.ts";
import { type ObjectRoute, routeOf } from "./route.ts";
import { failure } from "./status.ts";
import { create, remove, removeAll, update } from "./write.ts";

/** What {@linkcode apiHandler} takes. */
export interface ApiOptions {
  /** The objects to serve. */
  readonly store: Store;
  /** What happened, where that is kept. */
  readonly audit?: AuditLog | undefined;
  /** The administrator's bearer token, 22 characters or more. */
  readonly token: string;
  /** Is told of failures that nobody foresaw; clients hear only that there was one. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** Aborts when watches are to end. */
  readonly closing?: AbortSignal | undefined;
  /** The clock; the system's unless given. */
  readonly now?: (() => Date) | undefined;
}

const VERBS: Readonly<Record<ObjectRoute["what"], Readonly<Record<string, Verb>>>> = {
  collection: { GET: list, POST: create, DELETE: removeAll },
  object: { GET: get, PUT: update, PATCH: patch, DELETE: remove },
  status: { GET: get, PUT: update, PATCH: patch },
};

/**
 * Makes the function that answers requests in the Kubernetes REST shape. It never rejects: what goes
 * wrong becomes a `Status`.
 *
 * ```ts
 * import { apiHandler } from "@jumpstarter/controller/api";
 * import { openSqliteStore } from "@jumpstarter/controller/store";
 *
 * await using store = await openSqliteStore(":memory:");
 * const handle = apiHandler({ store, token: "a-token-of-22-characters" });
 * const response = await handle(new Request("https://lab.test/version"));
 * await response.body?.cancel();
 * console.log(response.status); // 401
 * ```
 */
export function apiHandler(options: ApiOptions): (request: Request) => Promise<Response> {
  const check = credentialCheck(options.token);
  const closing = options.closing ?? new AbortController().signal;
  return async (request) => {
    try {
      // First of all: from strangers nothing is read, not even a body.
      check(request);
      return await answerTo(request, { ...options, closing });
    } catch (error) {
      const status = failure(error);
      if (status.code === 500) options.onFault?.(error);
      return json(status, { status: status.code });
    }
  };
}

async function answerTo(
  request: Request,
  options: ApiOptions & { closing: AbortSignal },
): Promise<Response> {
  const { pathname, searchParams: query } = new URL(request.url);
  const route = routeOf(pathname);
  const now = options.now ?? (() => new Date());
  const accept = request.headers.get("accept");
  if (route.what === "document" && Object.hasOwn(REVIEWS, route.path)) {
    return await review(request, REVIEWS[route.path]!);
  }
  if (route.what === "document") {
    const response = documentAt(route.path, accept);
    requireGet(request);
    return response;
  }
  const form = chooseForm(accept, ["table"]);
  if (route.what === "audit") {
    requireGet(request, "what happened is only read");
    const { audit, closing } = options;
    return readAudit({ audit, namespace: route.namespace, query, form, now, closing });
  }
  if (route.what === "namespaces") {
    requireGet(request, NOT_KEPT);
    return await namespaces({ store: options.store, route, query, form, now: now() });
  }
  const verbs = VERBS[route.what];
  const verb = Object.hasOwn(verbs, request.method) ? verbs[request.method] : undefined;
  if (verb === undefined) throw notAllowed();
  const collection = collectionOf(options.store, route.kind);
  return await verb({ request, route, query, form, collection, now, closing: options.closing });
}

async function review(request: Request, body: JsonObject): Promise<Response> {
  if (request.method !== "POST") throw notAllowed();
  chooseForm(request.headers.get("accept"), []);
  await readBytes(request);
  return json(body, { status: 201 });
}

function documentAt(path: string, accept: string | null): Response {
  const form: Form = chooseForm(accept, Object.hasOwn(AGGREGATED, path) ? ["discovery"] : []);
  const documents = form === "discovery" ? AGGREGATED : DISCOVERY;
  const found: JsonObject | undefined = Object.hasOwn(documents, path)
    ? documents[path]
    : openApi(path);
  if (found === undefined) throw noSuchPath();
  return json(found, { form });
}

const NOT_KEPT = "namespaces are not kept; one is there as soon as something is in it";

function requireGet({ method }: Request, why?: string): void {
  if (method !== "GET") throw notAllowed(why);
}

function notAllowed(why?: string): ApiError {
  const text = "the server does not allow this method on the requested resource";
  return new ApiError("MethodNotAllowed", why === undefined ? text : `${text}: ${why}`);
}
