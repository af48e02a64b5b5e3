/** What an exporter's status says, as pure functions. */
import { conditionOf, EXPORTER_STATUSES, formatTime, withCondition } from "@jumpstarter/lib/lease";
import { ExporterStatus as WireStatus } from "@jumpstarter/proto";
import type { Condition, Exporter, ExporterStatus } from "../store/mod.ts";

/** What is known about an exporter. */
export type ExporterState = NonNullable<Exporter["status"]>;

/** The status of a message, as objects have it; numbers we do not know count as unspecified. */
export function storedStatus(status: WireStatus): ExporterStatus {
  return EXPORTER_STATUSES[status] ?? "Unspecified";
}

/** The status of an object, as messages have it. */
export function wireStatus(status: ExporterStatus | undefined): WireStatus {
  return status === undefined
    ? WireStatus.UNSPECIFIED
    : Math.max(EXPORTER_STATUSES.indexOf(status), 0);
}

/** What an exporter reported. */
export function reported(
  exporter: Exporter,
  status: ExporterStatus,
  message: string,
  now: number,
): ExporterState {
  const isOnline = status !== "Offline" && status !== "Unspecified";
  const { exporterStatus, statusMessage = "" } = exporter.status ?? {};
  const isSame = exporterStatus === status && statusMessage === message &&
    isOnline === isMarkedOnline(exporter) && exporter.status?.lastSeen !== undefined;
  if (isSame) return exporter.status!;
  const lastSeen = formatTime(now - now % 1_000);
  const changes = { exporterStatus: status, statusMessage: message, lastSeen };
  return withOnline(exporter, changes, now, {
    status: isOnline ? "True" : "False",
    reason: isOnline ? "StatusReported" : "Offline",
    message,
  });
}

/** An exporter that said good-bye. */
export function unregistered(exporter: Exporter, message: string, now: number): ExporterState {
  const left = withOnline(exporter, { exporterStatus: "Offline", statusMessage: message }, now, {
    status: "False",
    reason: "Offline",
    message,
  });
  const { devices: _, ...state } = left;
  return { ...state, conditions: registered({ ...exporter, status: state }, now) };
}

/** How messages begin of exporters that went without a word. */
const LOST = "Connection lost";

/** An exporter that is no longer there, and did not say good-bye. */
export function lost(exporter: Exporter, now: number): ExporterState {
  const since = "last seen more than 15 seconds ago";
  const changes = exporter.status?.exporterStatus === "Offline"
    ? {}
    : { exporterStatus: "Offline", statusMessage: `${LOST} - ${since}` } as const;
  return withOnline(exporter, changes, now, {
    status: "False",
    reason: "Seen",
    message: "Last seen more than 15 seconds ago",
  });
}

/** Whether an exporter is offline because it was lost. */
export function isLost({ status }: Exporter): boolean {
  return status?.exporterStatus === "Offline" && status.statusMessage?.startsWith(LOST) === true;
}

/**
 * An exporter that is there again: one that is offline goes back to what it was, or to nothing known,
 * for old exporters never report.
 */
export function returned(
  exporter: Exporter,
  before: ExporterStatus | undefined,
  now: number,
): ExporterState {
  const { exporterStatus, statusMessage, ...others } = exporter.status ?? {};
  const isOffline = exporterStatus === "Offline";
  const kept = {
    ...exporterStatus !== undefined && { exporterStatus },
    ...statusMessage !== undefined && { statusMessage },
  };
  const status = {
    ...others,
    ...isOffline ? before !== undefined && { exporterStatus: before } : kept,
    lastSeen: formatTime(now - now % 1_000),
  };
  // What only old exporters leave out: they count as online because they are there.
  return withOnline({ ...exporter, status }, {}, now, {
    status: "True",
    reason: "Seen",
    message: "Last seen less than 15 seconds ago",
  });
}

/** An exporter that never was there. */
export function neverSeen(exporter: Exporter, now: number): ExporterState {
  return withOnline(exporter, { statusMessage: "Never seen" }, now, {
    status: "False",
    reason: "Seen",
    message: "Never seen",
  });
}

/** The conditions of an exporter, with what its devices say about its registration. */
export function registered(exporter: Exporter, now: number): Condition[] {
  const count = exporter.status?.devices?.length ?? 0;
  const condition = count > 0
    ? { status: "True", reason: "Register", message: `Exporter registered ${count} devices` }
    : { status: "False", reason: "Unregister", message: "Exporter has no registered devices" };
  return withOwn(exporter, { type: "Registered", ...condition } as Condition, now);
}

/** Whether an exporter counts as online. */
export function isMarkedOnline(exporter: Exporter): boolean {
  return conditionOf(exporter, "Online")?.status === "True";
}

function withOnline(
  exporter: Exporter,
  changes: ExporterState,
  now: number,
  online: Pick<Condition, "status" | "reason" | "message">,
): ExporterState {
  const status = { ...exporter.status, ...changes };
  return { ...status, conditions: withOwn(exporter, { type: "Online", ...online }, now) };
}

function withOwn(
  { metadata, status }: Exporter,
  condition: Pick<Condition, "type" | "status" | "reason" | "message">,
  now: number,
): Condition[] {
  const time = now - now % 1_000;
  return withCondition(status?.conditions ?? [], condition, metadata.generation, time);
}
