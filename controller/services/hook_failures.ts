import { setTimeout as delay } from "node:timers/promises";
import type { ServerCall } from "@jumpstarter/lib/rpc";
import type { ExporterStatus } from "../store/mod.ts";

/** How long after a beforeLease hook failed its exporter may end a lease that is not meant, ms. */
const AFTERMATH = 2_000;

interface Failure {
  readonly at: number;
  /** The last report since. */
  last: object | undefined;
}

/**
 * Keeps an exporter from its next lease for a moment after a beforeLease hook failed. A second after
 * that, a stock one ends the lease that it has then: the next one, if its client has let go of the
 * first by itself.
 */
export class HookFailures {
  readonly #failures = new Map<string, Failure>();

  /**
   * Waits until a report of an exporter may be taken; whether it still is to be, for another one may
   * have come. Fails when its call is given up.
   */
  async passed(
    exporter: string,
    status: ExporterStatus,
    call: Pick<ServerCall, "signal">,
  ): Promise<boolean> {
    if (status === "BeforeLeaseHookFailed") {
      this.#failures.set(exporter, { at: performance.now(), last: undefined });
    }
    const failure = this.#failures.get(exporter);
    if (failure === undefined) return true;
    const report = failure.last = {};
    if (status !== "Available") return true;
    const { signal } = call; // made when it is asked for, which is seldom
    await delay(Math.max(0, failure.at + AFTERMATH - performance.now()), undefined, { signal });
    if (failure.last !== report || this.#failures.get(exporter) !== failure) return false;
    this.#failures.delete(exporter);
    return true;
  }
}
