import { isActive } from "@jumpstarter/lib/lease";
import type { LabView } from "../scheduler/mod.ts";

/**
 * How long after a lease its tunnels stay, in ms: the exporter takes leave of its client in that
 * time. Whoever stays longer is cut off.
 */
const FAREWELL = 400;

/** Where tunnels are cut: a router here, or those elsewhere. */
export type Cuts = {
  /** Cuts the tunnels of a lease; `reason` is told to both ends. */
  cut(target: { readonly leaseName: string }, reason?: string): unknown;
};

/** Cuts the tunnels of leases that end or get another owner. */
export class TunnelCutter implements Disposable {
  readonly #router: Cuts;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(router: Cuts, view: LabView) {
    this.#router = router;
    view.onLease((before, after) => {
      if (before === undefined || !isActive(before)) return;
      const { name } = before.metadata;
      if (after === undefined || !isActive(after)) this.#cutSoon(name);
      else if (before.spec.clientRef.name !== after.spec.clientRef.name) {
        router.cut({ leaseName: name }, "the lease belongs to another client now");
      }
    });
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #cutSoon(leaseName: string): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#router.cut({ leaseName });
    }, FAREWELL);
    this.#timers.add(timer);
  }
}
