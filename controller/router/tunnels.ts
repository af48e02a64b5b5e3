import type { End, Ending } from "./end.ts";
import type { Counters } from "./figures.ts";
import type { RouterLimits } from "./limits.ts";
import type { TunnelGrant } from "./token.ts";

/** Which tunnels to cut: all of a lease, or the one with a stream id. */
export type CutTarget = { readonly leaseName: string } | { readonly id: string };

/** Whether a grant is among those that are cut. */
export function isTarget(target: CutTarget, grant: TunnelGrant): boolean {
  return "id" in target ? target.id === grant.id : target.leaseName === grant.leaseName;
}

/** The tunnels that are open. */
export class Tunnels {
  #open = new Set<Tunnel>();
  #limits: RouterLimits;
  #counters: Counters;
  #allLeft: (() => void) | undefined;

  constructor(limits: RouterLimits, counters: Counters) {
    this.#limits = limits;
    this.#counters = counters;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** The leases that have tunnels. */
  get leases(): ReadonlySet<string> {
    const names = Array.from(this.#open, ({ grant }) => grant.leaseName);
    return new Set(names.filter((name) => name !== undefined));
  }

  /** Joins two ends for as long as both are there. */
  join(grant: TunnelGrant, first: End, second: End): void {
    this.#counters.joined++;
    const tunnel = new Tunnel(grant, [first, second], this.#limits.drainTime);
    this.#open.add(tunnel);
    tunnel.run(
      (size) => this.#counters.bytes += size,
      () => {
        this.#open.delete(tunnel);
        if (this.#open.size === 0) this.#allLeft?.();
      },
    );
  }

  /** Settles once no tunnel is open, or after so many milliseconds. */
  async left(time: number): Promise<void> {
    if (this.#open.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#allLeft = resolve;
    const late = setTimeout(resolve, time);
    await promise;
    clearTimeout(late);
  }

  /** Ends tunnels within the time for cuts, whatever is under way; how many. */
  cut(isMeant: (grant: TunnelGrant) => boolean, ending: Omit<Ending, "patience">): number {
    const meant = [...this.#open].filter(({ grant }) => isMeant(grant));
    for (const tunnel of meant) tunnel.finish({ ...ending, patience: this.#limits.cutTime });
    this.#counters.cut += meant.length;
    return meant.length;
  }
}

/** Two ends that are joined. */
class Tunnel {
  readonly grant: TunnelGrant;
  #ends: readonly [End, End];
  #drainTime: number;
  #isHalfEnded = false;

  constructor(grant: TunnelGrant, ends: readonly [End, End], drainTime: number) {
    this.grant = grant;
    this.#ends = ends;
    this.#drainTime = drainTime;
  }

  run(carried: (size: number) => void, closed: () => void): void {
    const [first, second] = this.#ends;
    let open = this.#ends.length;
    for (const [from, to] of [[first, second], [second, first]] as const) {
      from.carryTo(to, () => this.#endDirection(to), carried);
      from.onClose(() => {
        to.finish({ status: "OK", patience: this.#drainTime });
        if (--open === 0) closed();
      });
    }
  }

  finish(ending: Ending): void {
    for (const end of this.#ends) end.finish(ending);
  }

  #endDirection(to: End): void {
    to.sendEnd();
    if (this.#isHalfEnded) this.finish({ status: "OK", patience: this.#drainTime });
    this.#isHalfEnded = true;
  }
}
