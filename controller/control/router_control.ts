import { isActive } from "@jumpstarter/lib/lease";
import { RpcError, type ServerCall } from "@jumpstarter/lib/rpc";
import { bearerToken, type RouterTokens } from "../auth/mod.ts";
import type { LabView, Log } from "../scheduler/mod.ts";
import type { FollowRequest, LeaseNews } from "./wire.ts";

/** What a {@linkcode RouterControl} takes. */
export interface RouterControlOptions {
  /** Checks who asks. */
  readonly tokens: RouterTokens;
  /** Which leases are in use. */
  readonly view: LabView;
  /** Takes what there is to tell. */
  readonly log: Log;
  /** How long a router may be away before others are preferred, ms. */
  readonly patience?: number;
}

/** News that wait for a router that does not take them; then it has to ask anew. */
const MAX_WAITING = 1_000;
const PATIENCE = 5_000;

/** Tells routers in other processes which tunnels to cut, and knows which of them are there. */
export class RouterControl {
  readonly #options: RouterControlOptions;
  readonly #followers = new Set<Follower>();
  /** When the last stream of a router was lost, by its endpoint. */
  readonly #lost = new Map<string, number>();

  constructor(options: RouterControlOptions) {
    this.#options = options;
  }

  /** Has all routers cut the tunnels of a lease. */
  cut({ leaseName }: { readonly leaseName: string }, reason = "the lease has ended"): void {
    const isOver = !this.#isInUse(leaseName);
    for (const follower of this.#followers) follower.take({ cut: leaseName, reason, isOver });
  }

  /** Whether a router was there and has been away for a while. One that never came is not. */
  isLost(endpoint: string): boolean {
    const since = this.#lost.get(endpoint);
    return since !== undefined && Date.now() - since > (this.#options.patience ?? PATIENCE);
  }

  /** Serves the stream that a router follows. */
  async *follow({ endpoint }: FollowRequest, call: ServerCall): AsyncGenerator<LeaseNews> {
    const { tokens, view, log } = this.#options;
    await tokens.verifyControl(bearerToken((key) => call.headers(key)));
    const follower = new Follower();
    this.#followers.add(follower);
    this.#lost.delete(endpoint);
    log("INFO", "router connected", { router: endpoint });
    try {
      const inUse = Array.from(view.lab.leases, ({ metadata: { name } }) => name)
        .filter((name) => this.#isInUse(name));
      yield { inUse };
      for (;;) {
        const news = await follower.next(call.signal);
        if (news === undefined) return;
        yield news;
      }
    } finally {
      this.#followers.delete(follower);
      this.#lost.set(endpoint, Date.now());
      log("WARNING", "router lost", { router: endpoint });
    }
  }

  #isInUse(name: string): boolean {
    const lease = this.#options.view.lease(name);
    return lease !== undefined && isActive(lease);
  }
}

/** News for one router. */
class Follower {
  readonly #waiting: LeaseNews[] = [];
  #wake: () => void = () => {};

  take(news: LeaseNews): void {
    this.#waiting.push(news);
    this.#wake();
  }

  /** The next news; nothing when the signal is aborted. */
  async next(signal: AbortSignal): Promise<LeaseNews | undefined> {
    while (!signal.aborted) {
      if (this.#waiting.length > MAX_WAITING) {
        throw new RpcError("RESOURCE_EXHAUSTED", "the router is too slow; it has to ask anew");
      }
      const news = this.#waiting.shift();
      if (news !== undefined) return news;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      signal.addEventListener("abort", resolve as () => void);
      await promise;
      signal.removeEventListener("abort", resolve as () => void);
    }
    return undefined;
  }
}
