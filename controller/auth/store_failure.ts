import { RpcError, type StatusName } from "@jumpstarter/lib/rpc";

/** The status for a `reason` of the Kubernetes API, which errors of the store carry. */
const BY_REASON: ReadonlyMap<string, StatusName> = new Map(Object.entries({
  NotFound: "NOT_FOUND",
  Forbidden: "PERMISSION_DENIED",
  Unauthorized: "UNAUTHENTICATED",
  AlreadyExists: "ALREADY_EXISTS",
  Conflict: "ABORTED",
  Invalid: "INVALID_ARGUMENT",
  ServiceUnavailable: "UNAVAILABLE",
  Timeout: "DEADLINE_EXCEEDED",
  ServerTimeout: "DEADLINE_EXCEEDED",
}));

/** Tells a caller of a failure of the store; a gRPC status keeps its code. */
export function storeFailure(what: string, cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const status = BY_REASON.get(reasonOf(cause) ?? "") ?? "INTERNAL";
  return new RpcError(status, `${what}: ${text}`, { cause });
}

/** Whether the store says that there is no such object. */
export function isNotFound(error: unknown): boolean {
  return reasonOf(error) === "NotFound";
}

/** Whether the store says that there is such an object already. */
export function isAlreadyExists(error: unknown): boolean {
  return reasonOf(error) === "AlreadyExists";
}

function reasonOf(error: unknown): string | undefined {
  const reason = (error as { reason?: unknown } | null | undefined)?.reason;
  return typeof reason === "string" ? reason : undefined;
}
