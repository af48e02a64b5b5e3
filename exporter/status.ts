import { ExporterStatus } from "@jumpstarter/proto";

/** Where a session stands, as GetStatus tells it. */
export interface SessionStatus {
  /** The status. */
  readonly status: ExporterStatus;
  /** What it means now, for people; may be empty. */
  readonly message: string;
  /** Counts every update of the session, also one to the same status. */
  readonly version: number;
  /** The status before the last update; absent before the first. */
  readonly previous?: ExporterStatus;
}

/** A new session's status. */
export const FRESH: SessionStatus = { status: ExporterStatus.AVAILABLE, message: "", version: 0 };

/** The status after an update. */
export function updated(
  before: SessionStatus,
  status: ExporterStatus,
  message: string = "",
): SessionStatus {
  return { status, message, version: before.version + 1, previous: before.status };
}

const CALLABLE: ReadonlySet<ExporterStatus> = new Set([
  ExporterStatus.BEFORE_LEASE_HOOK,
  ExporterStatus.LEASE_READY,
  ExporterStatus.AFTER_LEASE_HOOK,
]);

/** Whether drivers may be called in a status. */
export function allowsCalls(status: ExporterStatus): boolean {
  return CALLABLE.has(status);
}

/** The name of a status, as the protocol writes it. */
export function nameOf(status: ExporterStatus): string {
  const found = Object.entries(ExporterStatus).find(([, value]) => value === status);
  return found?.[0] ?? String(status);
}
