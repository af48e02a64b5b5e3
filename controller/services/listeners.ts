import { RpcError } from "@jumpstarter/lib/rpc";
import { Topics } from "../scheduler/mod.ts";

/** Where client and exporter meet, and what lets them in; the same for both. */
export interface Ticket {
  /** The router's address. */
  readonly routerEndpoint: string;
  /** The token of the tunnel: a secret. */
  readonly routerToken: string;
}

/** Tickets that may wait for one listener. */
const CAPACITY = 8;

/**
 * Hands the tickets of dials to the exporters that listen for them, by lease. A later listener of a
 * lease takes the place of the one before, which is still given what was meant for it.
 */
export class Listeners {
  readonly #current = new Map<string, Listener>();
  readonly #news = new Topics();

  /** How many leases are listened for. */
  get size(): number {
    return this.#current.size;
  }

  /** Listens for a lease until the result is disposed. */
  open(lease: string): Listener {
    const listener = new Listener(() => {
      if (this.#current.get(lease) === listener) this.#current.delete(lease);
    });
    this.#current.get(lease)?.supersede();
    this.#current.set(lease, listener);
    this.#news.tell(lease);
    return listener;
  }

  /** Waits until somebody listens for a lease, or the signal is aborted. */
  async opened(lease: string, signal: AbortSignal): Promise<void> {
    using news = this.#news.follow(lease);
    while (!this.#current.has(lease) && !signal.aborted) await news.next(signal);
  }

  /**
   * Hands a ticket to the listener of a lease.
   *
   * @throws {RpcError} UNAVAILABLE when nobody listens, RESOURCE_EXHAUSTED when too many wait
   */
  offer(lease: string, ticket: Ticket): void {
    const listener = this.#current.get(lease);
    if (listener === undefined) {
      throw new RpcError("UNAVAILABLE", `exporter is not listening on lease ${lease}`);
    }
    if (!listener.take(ticket)) {
      throw new RpcError("RESOURCE_EXHAUSTED", `listener buffer full on lease ${lease}`);
    }
  }
}

/** One exporter that listens for one lease. */
export class Listener implements Disposable {
  readonly #leave: () => void;
  readonly #tickets: Ticket[] = [];
  #isSuperseded = false;
  #wake: () => void = () => {};

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  /** Takes a ticket; false when it has too many. */
  take(ticket: Ticket): boolean {
    if (this.#tickets.length >= CAPACITY) return false;
    this.#tickets.push(ticket);
    this.#wake();
    return true;
  }

  /** Lets the listener end once it has handed over what it has. */
  supersede(): void {
    this.#isSuperseded = true;
    this.#wake();
  }

  /** The next ticket; `undefined` when there are no more, or the signal is aborted. */
  async next(signal: AbortSignal): Promise<Ticket | undefined> {
    while (!signal.aborted) {
      const ticket = this.#tickets.shift();
      if (ticket !== undefined || this.#isSuperseded) return ticket;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      signal.addEventListener("abort", this.#wake);
      await promise;
      signal.removeEventListener("abort", this.#wake);
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#leave();
  }
}
