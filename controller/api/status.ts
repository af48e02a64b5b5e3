/** Kubernetes `Status` bodies: what every failure looks like, and some successes. */
import { type JsonObject, type KindFacts, StoreError } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";

/** A `Status` body, which also names its HTTP code. */
export interface StatusBody extends JsonObject {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: JsonObject;
  readonly status: "Success" | "Failure";
  readonly code: number;
}

/**
 * Says what went wrong, as clients of Kubernetes expect it. Of an error nobody foresaw it tells
 * nothing: that is for the log.
 */
export function failure(error: unknown): StatusBody {
  if (error instanceof StoreError) {
    return body(error.status, error.reason, error.message, detailsOf(error));
  }
  if (error instanceof ApiError) {
    return body(error.status, error.reason, error.message, error.details);
  }
  return body(
    500,
    "InternalError",
    "Internal error occurred: the request failed; the controller's log says why",
  );
}

/** Says that an object is gone. */
export function deleted({ group, plural }: KindFacts, name: string, uid: string): StatusBody {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    code: 200,
    details: { name, ...(group === "" ? {} : { group }), kind: plural, uid },
  };
}

function body(code: number, reason: string, message: string, details?: JsonObject): StatusBody {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  };
}

function detailsOf({ reason, subject }: StoreError): JsonObject | undefined {
  const { kind, name, causes } = subject;
  if (kind === undefined) return undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(kind.group === "" ? {} : { group: kind.group }),
    // The API server names the kind where an object is wrong, and the collection elsewhere.
    kind: reason === "Invalid" ? kind.kind : kind.plural,
    ...(causes === undefined ? {} : { causes }),
  };
}
