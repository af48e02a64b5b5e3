import { Channel, type Endpoint, formatEndpoint, type TlsIdentity } from "@jumpstarter/lib/rpc";
import { RouterTokens } from "../auth/mod.ts";
import { Router } from "../router/mod.ts";
import type { Log } from "../scheduler/mod.ts";
import { CONTROL_SERVICE, type LeaseNews } from "./wire.ts";

/** What {@linkcode LoneRouter.start} takes. */
export interface LoneRouterOptions {
  /** Where it listens. */
  readonly listen: Endpoint & { readonly kind: "tcp" };
  /** The name or address by which clients and exporters find it. */
  readonly host: string;
  /** The secret that it shares with its controller. */
  readonly key: string;
  /** The certificate it shows, and its key. */
  readonly identity: TlsIdentity;
  /** Its controller, where there is one of ours; what becomes of leases is not known without. */
  readonly controller?: {
    readonly endpoint: Endpoint;
    /** Certificates to trust, PEM; those of the system without them. */
    readonly ca?: string | undefined;
  } | undefined;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** Times between two tries to reach the controller, ms. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [200, 10_000];
/** A controller that stays away is told of so often, ms. */
const TELL_INTERVAL = 60_000;
/** Leases that are known to be over: enough for as long as their tokens are good. */
const MAX_OVER = 100_000;

/**
 * A router in a process of its own. It cuts the tunnels of leases that its controller tells are over;
 * while the controller is away, tunnels carry on and new ones are let in by their tokens.
 */
export class LoneRouter implements AsyncDisposable {
  /** Where clients and exporters find it, `host:port`. */
  readonly endpoint: string;
  readonly #router: Router;
  readonly #options: LoneRouterOptions;
  readonly #tokens: RouterTokens;
  readonly #over: Set<string>;
  readonly #ending = new AbortController();
  #following: Promise<void> = Promise.resolve();

  private constructor(
    options: LoneRouterOptions,
    router: Router,
    tokens: RouterTokens,
    over: Set<string>,
    endpoint: string,
  ) {
    this.#options = options;
    this.#router = router;
    this.#tokens = tokens;
    this.#over = over;
    this.endpoint = endpoint;
  }

  /** Listens, and follows the controller from then on. */
  static async start(options: LoneRouterOptions): Promise<LoneRouter> {
    const { listen, host, key, identity, controller, log } = options;
    const tokens = new RouterTokens({ key });
    const over = new Set<string>();
    const router = new Router({
      log,
      async checkToken(token) {
        const grant = await tokens.verify(token);
        if (!over.has(grant.leaseName ?? "")) return grant;
        throw new Error("the lease is over");
      },
    });
    const at = await router.listen(listen, { tls: identity });
    const endpoint = formatEndpoint({ ...at as typeof listen, hostname: host });
    const lone = new LoneRouter(options, router, tokens, over, endpoint);
    if (controller !== undefined) lone.#following = lone.#follow(controller);
    return lone;
  }

  /** How many tunnels are open. */
  get tunnels(): number {
    return this.#router.figures.tunnels;
  }

  /** Shows another certificate from the next connection on. */
  useIdentity(identity: TlsIdentity): void {
    this.#router.useIdentity(identity);
  }

  /** Takes no more tunnels, lets those that are open go on for so many milliseconds, then cuts them. */
  async close(grace: number): Promise<void> {
    const closing = this.#router.close(grace);
    await closing;
    this.#ending.abort();
    await this.#following;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close(0);
  }

  async #follow({ endpoint, ca }: NonNullable<LoneRouterOptions["controller"]>): Promise<void> {
    const { log } = this.#options;
    const { signal } = this.#ending;
    let [pause, toldAt] = [FIRST_PAUSE, -Infinity];
    while (!signal.aborted) {
      using channel = new Channel(endpoint, { tls: ca === undefined ? {} : { ca } });
      try {
        // Only what was there before the question can be missing in the answer.
        const before = this.#router.leases;
        const authorization = `Bearer ${await this.#tokens.issueControl()}`;
        const stream = channel.serverStream(CONTROL_SERVICE.follow, { endpoint: this.endpoint }, {
          signal,
          metadata: { authorization },
        });
        for await (const news of stream) {
          if ("inUse" in news) {
            log("INFO", "controller connected", { controller: formatEndpoint(endpoint) });
            [pause, toldAt] = [FIRST_PAUSE, -Infinity];
          }
          this.#take(news, before);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() - toldAt > TELL_INTERVAL) {
          toldAt = performance.now();
          const { message } = error as Error;
          log("WARNING", "controller away; tunnels go on", { error: message });
        }
      }
      await wait(pause * (0.5 + Math.random()), signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  #take(news: LeaseNews, before: ReadonlySet<string>): void {
    if ("inUse" in news) {
      const inUse = new Set(news.inUse);
      for (const leaseName of before) {
        if (!inUse.has(leaseName)) this.#end(leaseName, "the lease has ended");
      }
    } else if (news.isOver) this.#end(news.cut, news.reason);
    else this.#router.cut({ leaseName: news.cut }, news.reason);
  }

  #end(leaseName: string, reason: string): void {
    this.#over.add(leaseName);
    const [oldest] = this.#over;
    if (this.#over.size > MAX_OVER) this.#over.delete(oldest!);
    this.#router.cut({ leaseName }, reason);
  }
}

async function wait(time: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, time);
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
