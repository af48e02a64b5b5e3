import { JumpstarterError } from "../errors.ts";

/** The status codes of gRPC. */
export const Status = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** The name of a status code, as people read it: `NOT_FOUND`. */
export type StatusName = keyof typeof Status;

/** Peers take 8 KiB of response headers at most; the text is cut well below. */
const MAX_DETAILS = 2_000;

/** A call that ended with a status other than OK, on either side of the wire. */
export class RpcError extends JumpstarterError {
  /** The status, by name. */
  readonly status: StatusName;
  /** The text that came with the status; may be empty. */
  readonly details: string;

  constructor(status: StatusName, details: string, options?: ErrorOptions) {
    super("rpc", `${status}: ${details === "" ? "<no details>" : details}`, options);
    this.status = status;
    this.details = details;
  }
}

/** The name of a code from the wire; numbers we do not know count as UNKNOWN. */
export function statusName(code: number): StatusName {
  return names[code] ?? "UNKNOWN";
}

const names = Object.keys(Status) as StatusName[];

/** The status that tells a peer of an error: by its class, its stable code or its system code. */
export function statusOf(error: unknown): { code: number; details: string } {
  const status = error instanceof RpcError ? error.status : classify(error);
  const details = error instanceof RpcError ? error.details : textOf(error);
  return { code: Status[status], details: cut(details) };
}

function classify(error: unknown): StatusName {
  if (!(error instanceof Error)) return "UNKNOWN";
  const code = (error as { code?: unknown }).code;
  const byCode = typeof code === "string" ? byStableCode[code] ?? bySystemCode(code) : undefined;
  return byCode ?? byName[error.name] ?? (isOperatingSystemError(error) ? "INTERNAL" : "UNKNOWN");
}

const byStableCode: Record<string, StatusName> = {
  not_implemented: "UNIMPLEMENTED",
  invalid_argument: "INVALID_ARGUMENT",
  config: "INVALID_ARGUMENT",
  timeout: "DEADLINE_EXCEEDED",
  connection: "UNAVAILABLE",
  not_ready: "FAILED_PRECONDITION",
  service_unavailable: "UNAVAILABLE",
};

const byName: Record<string, StatusName> = {
  TimeoutError: "DEADLINE_EXCEEDED",
  TimedOut: "DEADLINE_EXCEEDED",
  ConnectionRefused: "UNAVAILABLE",
  ConnectionReset: "UNAVAILABLE",
  ConnectionAborted: "UNAVAILABLE",
  NotConnected: "UNAVAILABLE",
  BrokenPipe: "UNAVAILABLE",
};

const CONNECTION_CODES = ["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "ENOTCONN", "EPIPE"];

function bySystemCode(code: string): StatusName | undefined {
  if (CONNECTION_CODES.includes(code)) return "UNAVAILABLE";
  if (code === "ETIMEDOUT") return "DEADLINE_EXCEEDED";
  return /^E[A-Z0-9]+$/.test(code) ? "INTERNAL" : undefined;
}

function isOperatingSystemError(error: Error): boolean {
  const known = (Deno.errors as Record<string, unknown>)[error.name];
  return typeof known === "function" && error instanceof known;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function cut(details: string): string {
  return details.length <= MAX_DETAILS ? details : `${details.slice(0, MAX_DETAILS)}…`;
}
