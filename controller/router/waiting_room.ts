import { RpcError } from "@jumpstarter/lib/rpc";
import type { End } from "./end.ts";
import type { RouterLimits } from "./limits.ts";
import type { TunnelGrant } from "./token.ts";

/** An end that waits for its other end. */
export interface Waiting {
  readonly grant: TunnelGrant;
  readonly end: End;
}

/** Where the first end of a tunnel waits for the second one, for a bounded time. */
export class WaitingRoom {
  #limits: RouterLimits;
  #waiting = new Map<string, Waiting & { leave(): void }>();
  /** Ids of tunnels that were joined, and when their tokens end; in about that order. */
  #spent = new Map<string, number>();

  constructor(limits: RouterLimits) {
    this.#limits = limits;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Refuses who would make a third end of a tunnel, or one more than may wait. */
  admit({ id }: TunnelGrant): void {
    if (this.#spent.has(id)) {
      throw new RpcError(
        "UNAUTHENTICATED",
        "the token is used up: both ends have come; dial again",
      );
    }
    if (!this.#waiting.has(id) && this.#waiting.size >= this.#limits.waiting) {
      throw new RpcError(
        "RESOURCE_EXHAUSTED",
        `${this.#limits.waiting} tunnels wait for their other end; try again later`,
      );
    }
  }

  /** The end that waits for this one; `undefined` when this one waits from now on. */
  meet(grant: TunnelGrant, end: End, now: number, unmet: () => void): End | undefined {
    const other = this.#waiting.get(grant.id);
    if (other === undefined) return void this.#wait(grant, end, unmet);
    other.leave();
    this.#forgetExpired(now);
    this.#spent.set(grant.id, grant.expires);
    return other.end;
  }

  /** Takes out those that are meant. */
  take(isMeant: (grant: TunnelGrant) => boolean): Waiting[] {
    const meant = [...this.#waiting.values()].filter(({ grant }) => isMeant(grant));
    for (const { leave } of meant) leave();
    return meant;
  }

  #wait(grant: TunnelGrant, end: End, unmet: () => void): void {
    const leave = () => {
      clearTimeout(timer);
      // The id may stand for an end that came later.
      if (this.#waiting.get(grant.id) === waiting) this.#waiting.delete(grant.id);
    };
    const timer = setTimeout(() => {
      leave();
      unmet();
    }, this.#limits.pairingTime);
    const waiting = { grant, end, leave };
    this.#waiting.set(grant.id, waiting);
    end.onClose(leave);
  }

  #forgetExpired(now: number): void {
    for (const [id, expires] of this.#spent) {
      if (expires > now) return;
      this.#spent.delete(id);
    }
  }
}
