import { setTimeout as delay } from "node:timers/promises";
import type { Hook } from "@jumpstarter/lib/config";
import { Logger, type LogSink } from "@jumpstarter/lib/driver";
import type { ExporterStatus } from "@jumpstarter/proto";
import type { HookContext } from "./environment.ts";
import { MotdFile } from "./motd_file.ts";
import { type HookCase, type HookOutcome, hookOutcome, type StatusStep } from "./outcome.ts";
import { runHook, type RunHookOptions } from "./run_hook.ts";

/** How to run a hook in its place around a lease. */
export interface HookPhaseOptions
  extends
    Omit<HookContext, "motdFile">,
    Pick<HookCase, "place">,
    Pick<RunHookOptions, "env" | "grace" | "signal"> {
  /** The hook. */
  readonly hook: Hook;
  /** Takes the hook's output and what there is to say about it. */
  readonly log: LogSink;
}

/** What a hook has brought about. */
export interface HookPhaseResult {
  /** What follows; nothing of it is done yet. */
  readonly outcome: HookOutcome;
  /** What the hook adds to the message of the day; may be empty. */
  readonly motd: string;
}

/**
 * Runs a hook with its output in the log, and decides what follows. Move to `RUNNING[phase]` before, and
 * through the outcome's statuses after it (see {@linkcode announce}).
 */
export async function runHookPhase(options: HookPhaseOptions): Promise<HookPhaseResult> {
  const { phase, hook, place, log: sink } = options;
  const log = new Logger({ name: "exporter.hook", source: phase, sink });
  // A hook does its work without its message for people, too.
  const warn = (error: Error): undefined => void log.warning(error.message);
  const file = phase === "beforeLease" ? await MotdFile.create().catch(warn) : undefined;
  try {
    const result = await runHook({
      ...options,
      ...(file ? { motdFile: file.path } : {}),
      onLine: (line) => log.info(line),
    });
    const outcome = hookOutcome({ phase, result, onFailure: hook.onFailure, place });
    if (outcome.log?.severity === "WARNING") log.warning(outcome.log.message);
    if (outcome.log?.severity === "ERROR") log.error(outcome.log.message);
    const motd = outcome.readsMotd ? await file?.read().catch(warn) : "";
    return { outcome, motd: motd ?? "" };
  } finally {
    await file?.delete().catch(warn);
  }
}

/** Moves through statuses; once the signal is aborted, without holding any. */
export async function announce(
  steps: readonly StatusStep[],
  setStatus: (status: ExporterStatus, message: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const { status, message, hold = 0 } of steps) {
    setStatus(status, message);
    if (hold === 0) continue;
    await delay(hold, undefined, signal === undefined ? {} : { signal })
      .catch(() => {}); // the signal, which nobody needs to be told of
  }
}
