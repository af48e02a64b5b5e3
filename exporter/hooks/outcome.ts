import type { OnFailure } from "@jumpstarter/lib/config";
import { ExporterStatus } from "@jumpstarter/proto";
import { describe, type HookPhase, type HookResult, type Verdict, verdictOf } from "./result.ts";

/** A status to move to. */
export interface StatusStep {
  /** The status. */
  readonly status: ExporterStatus;
  /** What it means now, for people. */
  readonly message: string;
  /** Milliseconds that it stays before the next step, so that clients see it. */
  readonly hold?: number;
}

/** What follows from the way a hook went. */
export interface HookOutcome {
  /** The statuses to move to, in order. */
  readonly statuses: readonly StatusStep[];
  /** A record for the log, with the hook's phase as its source. */
  readonly log?: { readonly severity: "WARNING" | "ERROR"; readonly message: string };
  /** Whether what the hook wrote to `JMP_MOTD_FILE` counts. */
  readonly readsMotd: boolean;
  /** Whether the afterLease hook is to run when the lease ends; false after an afterLease hook. */
  readonly runsAfterLease: boolean;
  /** Whether the exporter then releases the lease; does nothing when it has ended already. */
  readonly releasesLease: boolean;
  /** Milliseconds to wait before the release or the stop, so that clients see the last status. */
  readonly pause: number;
  /** Set when the exporter is to stop, and not to be started again. */
  readonly stop?: ExporterStop;
}

/** How an exporter is to stop because of a hook. */
export interface ExporterStop {
  /** The exit code. */
  readonly code: number;
  /** When; `atLeaseEnd` is at once when the lease has ended already. */
  readonly when: "now" | "atLeaseEnd";
}

/** What an outcome depends on. */
export interface HookCase {
  /** When the hook ran. */
  readonly phase: HookPhase;
  /** How it went. */
  readonly result: HookResult;
  /** What follows when it fails. */
  readonly onFailure: OnFailure;
  /** Where it ran: in a lease of a controller, or in direct mode, which has none. */
  readonly place: "lease" | "direct";
}

/** Milliseconds that a failure stays before OFFLINE; clients look every 300 ms. */
const FAILURE_HOLD = 2_000;
/** Milliseconds that a hook's last status stays before the lease is released or the exporter stops. */
const LAST_STATUS_PAUSE = 1_000;

/** The status while a hook runs. */
export const RUNNING: Readonly<Record<HookPhase, StatusStep>> = {
  beforeLease: {
    status: ExporterStatus.BEFORE_LEASE_HOOK,
    message: "Running beforeLease hook",
  },
  afterLease: {
    status: ExporterStatus.AFTER_LEASE_HOOK,
    message: "Running afterLease hooks",
  },
};

const SUCCEEDED: Readonly<Record<HookPhase, StatusStep>> = {
  beforeLease: { status: ExporterStatus.LEASE_READY, message: "Ready for commands" },
  afterLease: { status: ExporterStatus.AVAILABLE, message: "Available for new lease" },
};

const FAILED: Readonly<Record<HookPhase, ExporterStatus>> = {
  beforeLease: ExporterStatus.BEFORE_LEASE_HOOK_FAILED,
  afterLease: ExporterStatus.AFTER_LEASE_HOOK_FAILED,
};

/** What follows from one verdict. */
interface Rule {
  readonly statuses: (phase: HookPhase, reason: string) => readonly StatusStep[];
  readonly log?: (phase: HookPhase, reason: string) => NonNullable<HookOutcome["log"]>;
  /** Whether what a beforeLease hook left for people counts. */
  readonly readsMotd: boolean;
  /** Whether the afterLease hook runs after a beforeLease hook. */
  readonly runsAfterLease: boolean;
  /** The phases after which the lease is released. */
  readonly releasesAfter: readonly HookPhase[];
}

const RULES: Readonly<Record<Verdict, Rule>> = {
  success: {
    statuses: (phase) => [SUCCEEDED[phase]],
    readsMotd: true,
    runsAfterLease: true,
    releasesAfter: ["afterLease"],
  },
  warn: {
    statuses: (phase, reason) => [
      warning(SUCCEEDED[phase].status, `${phase} hook warning: ${reason}`),
    ],
    log: (_, reason) => ({
      severity: "WARNING",
      message: `${reason} (on_failure=warn, continuing)`,
    }),
    readsMotd: true,
    runsAfterLease: true,
    releasesAfter: ["afterLease"],
  },
  endLease: {
    statuses: (phase, reason) => [
      failure(phase, `${phase} hook failed (on_failure=endLease): ${reason}`),
    ],
    log: (_, reason) => ({
      severity: "ERROR",
      message: `${reason} (on_failure=endLease, raising exception)`,
    }),
    readsMotd: false,
    runsAfterLease: false,
    releasesAfter: ["beforeLease", "afterLease"],
  },
  exit: {
    statuses: (phase, reason) => [
      {
        ...failure(phase, `${phase} hook failed (on_failure=exit, shutting down): ${reason}`),
        hold: FAILURE_HOLD,
      },
      {
        status: ExporterStatus.OFFLINE,
        message: `Exporter shutting down due to ${phase} hook failure`,
      },
    ],
    log: (_, reason) => ({
      severity: "ERROR",
      message: `${reason} (on_failure=exit, raising exception)`,
    }),
    readsMotd: false,
    runsAfterLease: false,
    releasesAfter: [],
  },
  internal: {
    statuses: (phase, reason) => [failure(phase, `${phase} hook failed: ${reason}`)],
    log: (phase, reason) => ({
      severity: "ERROR",
      message: `${phase} hook failed: ${reason}`,
    }),
    readsMotd: false,
    runsAfterLease: true,
    releasesAfter: ["afterLease"],
  },
  stopped: {
    statuses: () => [],
    readsMotd: false,
    runsAfterLease: true,
    releasesAfter: ["afterLease"],
  },
};

/** Decides what follows from the way a hook went. */
export function hookOutcome({ phase, result, onFailure, place }: HookCase): HookOutcome {
  const verdict = verdictOf(result, onFailure);
  const { statuses, log, readsMotd, runsAfterLease, releasesAfter } = RULES[verdict];
  const reason = describe(result);
  const isBefore = phase === "beforeLease";
  const releasesLease = place === "lease" && releasesAfter.includes(phase);
  const isPolled = place === "lease" && verdict !== "stopped" && (releasesLease || !isBefore);
  return {
    statuses: statuses(phase, reason),
    ...(log === undefined ? {} : { log: log(phase, reason) }),
    readsMotd: isBefore && readsMotd,
    runsAfterLease: isBefore && runsAfterLease,
    releasesLease,
    pause: isPolled ? LAST_STATUS_PAUSE : 0,
    ...(verdict === "exit"
      ? { stop: { code: 1, when: place === "direct" ? "now" : "atLeaseEnd" } }
      : {}),
  };
}

function warning(status: ExporterStatus, text: string): StatusStep {
  // Clients look for the mark, and print the rest as a warning.
  return { status, message: `[HOOK_WARNING] ${text}` };
}

function failure(phase: HookPhase, message: string): StatusStep {
  return { status: FAILED[phase], message };
}
