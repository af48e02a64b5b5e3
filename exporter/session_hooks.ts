import type { Hook, Hooks } from "@jumpstarter/lib/config";
import { ExporterStatus } from "@jumpstarter/proto";
import type { HookOutcome } from "./hooks/outcome.ts";
import type { HookPhase } from "./hooks/result.ts";
import type { Session } from "./session.ts";

/** How the hooks of a session run. */
export interface SessionHooksOptions {
  /** Whether a controller's lease is around the session, or nothing. */
  readonly place: "lease" | "direct";
  /** Path of the hooks' socket. */
  readonly host: string;
  /** Name of the lease, for the hooks' environment. */
  readonly leaseName: string;
  /** Name of the client, for the hooks' environment. */
  readonly clientName: string;
  /** The hooks' environment without what is told above. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs an exporter's hooks around a session, and moves the session's status along. */
export class SessionHooks {
  #session: Session;
  #hooks: Hooks;
  #options: SessionHooksOptions;

  constructor(session: Session, hooks: Hooks, options: SessionHooksOptions) {
    this.#session = session;
    this.#hooks = hooks;
    this.#options = options;
  }

  /** Prepares the board. The signal ends a hook that runs. */
  async before(signal: AbortSignal): Promise<HookOutcome | undefined> {
    const hook = this.#hooks.beforeLease;
    if (hook !== undefined) return await this.#run("beforeLease", hook, signal);
    this.#session.setStatus(ExporterStatus.LEASE_READY, "Ready for commands");
    return undefined;
  }

  /** Cleans the board up. The signal ends a hook that runs. */
  async after(signal: AbortSignal): Promise<HookOutcome | undefined> {
    const hook = this.#hooks.afterLease;
    return hook && await this.#run("afterLease", hook, signal);
  }

  async #run(phase: HookPhase, hook: Hook, signal: AbortSignal): Promise<HookOutcome> {
    const { announce, runHookPhase } = await import("./hooks/phase.ts");
    const { RUNNING } = await import("./hooks/outcome.ts");
    const session = this.#session;
    const setStatus = session.setStatus.bind(session);
    await announce([RUNNING[phase]], setStatus);
    const { outcome, motd } = await runHookPhase({
      ...this.#options,
      phase,
      hook,
      signal,
      log: session.sink,
    });
    session.addMotd(motd);
    await announce(outcome.statuses, setStatus, signal);
    return outcome;
  }
}
