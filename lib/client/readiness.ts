import { ExporterStatus } from "@jumpstarter/proto";
import { ConnectionError, ExporterNotReadyError, type JumpstarterError } from "../errors.ts";
import type { ExporterState } from "./exporter_state.ts";
import type { StatusMonitor, WaitOptions } from "./status_monitor.ts";

/** Milliseconds that an exporter has to prepare the board. */
const READY_TIME = 300_000;

/** What an exporter puts before the message of a hook that failed without consequences. */
const WARNING = "[HOOK_WARNING] ";

const { LEASE_READY, BEFORE_LEASE_HOOK_FAILED, OFFLINE } = ExporterStatus;

/**
 * Waits until drivers can be called; what the exporter warns of, if anything. Fails with
 * `ExporterNotReadyError` when the hook that prepares the board has failed.
 */
export async function awaitReady(
  monitor: StatusMonitor,
  { timeout = READY_TIME, signal }: WaitOptions = {},
): Promise<string | undefined> {
  const state = await monitor.waitForAny([LEASE_READY, BEFORE_LEASE_HOOK_FAILED, OFFLINE], {
    timeout,
    ...(signal === undefined ? {} : { signal }),
  });
  const failure = failureOf(state);
  if (failure !== undefined) throw failure;
  return warningOf(state);
}

/** Why a state means that there will be no board; nothing when it does not. */
export function failureOf({ status, message }: ExporterState): JumpstarterError | undefined {
  if (status === OFFLINE) {
    return new ConnectionError(`the exporter is going offline${message && `: ${message}`}`);
  }
  if (status !== BEFORE_LEASE_HOOK_FAILED) return undefined;
  const next = message.includes("shutting down")
    ? "the exporter ends"
    : "the exporter is of no use until the hook's fault is mended and it is started again";
  return new ExporterNotReadyError(`${message || "beforeLease hook failed"}; ${next}`);
}

/** What a state's message warns of. */
export function warningOf({ message }: ExporterState): string | undefined {
  return message.startsWith(WARNING) ? onOneLine(message.slice(WARNING.length)) : undefined;
}

/** What could move the cursor has no place in what another machine says of itself. */
export function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
