import { isActive } from "@jumpstarter/lib/lease";
import type { Router } from "../router/mod.ts";
import type { LabView } from "../scheduler/mod.ts";

/**
 * How long after a lease its tunnels stay, in ms: the exporter takes leave of its client in that
 * time. Whoever stays longer is cut off.
 */
const FAREWELL = 400;

/** Cuts the tunnels of leases that end or get another owner. */
export class TunnelCutter implements Disposable {
  readonly #router: Router;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(router: Router, view: LabView) {
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
