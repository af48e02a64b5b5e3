import { RpcError, type ServerCall, statusOf } from "@jumpstarter/lib/rpc";
import { formatTime } from "@jumpstarter/lib/lease";
import type { LogEntry, PushLogsRequest, TelemetryEndpoint, Timestamp } from "@jumpstarter/proto";
import { bearerToken, INTERNAL_ISSUER } from "../auth/mod.ts";
import type { LiveSettings } from "../config/mod.ts";
import { decodeClaims } from "../auth/token.ts";
import type { Log, LogFields } from "../scheduler/mod.ts";
import { addressOf, metadataOf } from "./callers.ts";
import type { Lab } from "./lab.ts";

/** Entries that are taken of one call. */
const MAX_ENTRIES = 500;
/** Fields that an entry may have beside those of its message. */
const MAX_EXTRA = 16;
/** Bytes of the name and of the value of such a field. */
const MAX_KEY = 64;
const MAX_VALUE = 256;
/** Bytes of an entry's own text. */
const MAX_MESSAGE = 4_096;

/** What the log makes of the severities of records; of all others, `INFO`. */
const SEVERITIES: Readonly<Record<string, Parameters<Log>[0]>> = {
  warning: "WARNING",
  error: "ERROR",
  critical: "ERROR",
};
/** Fields of an entry's message that are told when they are not empty. */
const TOLD = ["lease", "client", "operation", "result"] as const;
/** Names that are the service's own, so that nobody forges a line. */
const RESERVED = new Set([
  ...["component", "exporter", "severity", "namespace", "ts", "driver_type", ...TOLD],
  ...["time", "message", "level"],
]);

/** Who hands over records. */
interface Source {
  readonly exporter: string;
  readonly namespace: string;
}

/** Where exporters hand over their records: here, unless another place is named. */
export function telemetryEndpoint(
  { telemetry }: LiveSettings,
  own: { endpoint: string; ca: string },
): TelemetryEndpoint | undefined {
  if (telemetry === undefined) return undefined;
  const { endpoint, certificate = "", minSeverity } = telemetry;
  return endpoint === undefined
    ? { endpoint: own.endpoint, certificate: own.ca, minSeverity }
    : { endpoint, certificate, minSeverity };
}

/** Tells exporters where their records are taken; nothing when nobody takes them. */
export function telemetryEndpoints({ settings }: Lab): TelemetryEndpoint[] {
  return settings.telemetry === undefined ? [] : [settings.telemetry];
}

/** Serves `PushLogs`: writes the records of an exporter to the log. */
export async function pushLogs(
  lab: Lab,
  { entries }: PushLogsRequest,
  call: ServerCall,
): Promise<{ accepted: number; dropped: number }> {
  if (lab.settings.telemetry === undefined) {
    throw new RpcError("UNIMPLEMENTED", "telemetry is off: set telemetry.enabled to take records");
  }
  const source = await sourceOf(lab, call);
  const taken = entries.slice(0, MAX_ENTRIES).filter((entry) =>
    isOf(entry.exporter, source.exporter) && isOf(entry.namespace, source.namespace)
  );
  for (const entry of taken) {
    lab.log(severityOf(entry), cut(entry.message, MAX_MESSAGE), fieldsOf(entry, source));
  }
  return { accepted: taken.length, dropped: entries.length - taken.length };
}

/** Whose token it is; only those of our own tell the exporter. */
async function sourceOf({ issuer, log }: Lab, call: ServerCall): Promise<Source> {
  const token = bearerToken(metadataOf(call));
  try {
    const claims = decodeClaims(token);
    if (claims?.iss !== INTERNAL_ISSUER) throw new Error("it is not one of this controller's");
    await issuer.verify(token, claims);
    return exporterOf(String(claims.sub));
  } catch (error) {
    const { details } = statusOf(error);
    log("WARNING", "telemetry authentication failed", { error: details, peer: addressOf(call) });
    if (error instanceof RpcError && error.status === "PERMISSION_DENIED") throw error;
    throw new RpcError("UNAUTHENTICATED", `invalid token: ${details}`, { cause: error });
  }
}

function exporterOf(subject: string): Source {
  const parts = subject.split(":");
  const [kind, namespace, exporter] = parts;
  if (parts.length !== 4 || kind !== "exporter") {
    throw new RpcError("PERMISSION_DENIED", "token is not an exporter token");
  }
  if (!namespace || !exporter) {
    throw new RpcError("PERMISSION_DENIED", "token has incomplete exporter identity");
  }
  return { exporter, namespace };
}

/** Exporters may leave out who they are, and may not say that they are another. */
function isOf(given: string, real: string): boolean {
  return given === "" || given === real;
}

function severityOf({ severity }: LogEntry): Parameters<Log>[0] {
  return Object.hasOwn(SEVERITIES, severity) ? SEVERITIES[severity]! : "INFO";
}

function fieldsOf(entry: LogEntry, source: Source): LogFields {
  const own = [...TOLD.map((name) => [name, entry[name]]), ["driver_type", entry.driverType]];
  return {
    component: "telemetry",
    ...source,
    level: cut(entry.severity, MAX_KEY),
    ...entry.timestamp !== undefined && { ts: timeOf(entry.timestamp) },
    ...Object.fromEntries(
      own.filter(([, value]) => value !== "").map((
        [name, value],
      ) => [name, cut(value!, MAX_VALUE)]),
    ),
    ...extraOf(entry),
  };
}

function extraOf({ extraFields }: LogEntry): LogFields {
  const others = Object.entries(extraFields).filter(([key]) => !RESERVED.has(key));
  return Object.fromEntries(
    others.slice(0, MAX_EXTRA).map(([key, value]) => [cut(key, MAX_KEY), cut(value, MAX_VALUE)]),
  );
}

/** As much of a text as fits into so many bytes, whole characters only. */
function cut(text: string, bytes: number): string {
  const buffer = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text, buffer);
  return text.slice(0, read);
}

function timeOf({ seconds, nanos }: Timestamp): string {
  const time = seconds * 1_000 + Math.floor(nanos / 1_000_000);
  return Math.abs(time) <= 8.64e15 ? formatTime(time) : "";
}
