import { type Lease, UnavailableError } from "../store/mod.ts";

/** A lease as somebody wants it to be. */
export interface Wish {
  /** Finds out what would be stored; rejects when nothing would. */
  readonly rehearse: () => Promise<Lease>;
  /** Stores it, with its status. */
  readonly write: (lease: Lease) => Promise<Lease>;
}

/** A wish that is to be decided on. */
export interface Proposal {
  /** What would be stored if nothing were decided. */
  readonly lease: Lease;
  /** Stores what is decided. */
  readonly write: Wish["write"];
  /** Takes what is stored; `undefined` when `lease` is no longer what would be. */
  readonly outcome: PromiseWithResolvers<Lease | undefined>;
}

/** Leases that are decided on before they are stored, so that one write does both; one of a name. */
export class Proposals {
  readonly #open = new Map<string, Proposal>();
  readonly #onOpen: () => void;
  #isClosed = false;

  /** @param onOpen is told when there is something to be decided */
  constructor(onOpen: () => void) {
    this.#onOpen = onOpen;
  }

  /** Resolves when a wish has been decided on and stored; rejects when it cannot be. */
  async stored({ rehearse, write }: Wish): Promise<Lease> {
    for (;;) {
      const lease = await rehearse();
      if (this.#isClosed) throw ending();
      const other = this.#open.get(lease.metadata.name);
      if (other !== undefined) {
        await Promise.allSettled([other.outcome.promise]);
        continue;
      }
      const outcome = Promise.withResolvers<Lease | undefined>();
      this.#open.set(lease.metadata.name, { lease, write, outcome });
      this.#onOpen();
      const stored = await outcome.promise;
      if (stored !== undefined) return stored;
    }
  }

  /** The leases there are and would be. One that is newer than a proposal makes that void. */
  over(leases: Iterable<Lease>): Lease[] {
    const others = Array.from(leases).filter((lease) => {
      const proposal = this.#open.get(lease.metadata.name);
      if (proposal === undefined) return true;
      // It may hold an exporter by now, and must not be hidden.
      const isVoid = isNewer(lease, proposal.lease);
      if (isVoid) this.close(proposal).resolve(undefined);
      return isVoid;
    });
    return [...others, ...Array.from(this.#open.values(), ({ lease }) => lease)];
  }

  /** Those that are to be decided on. */
  get open(): Iterable<Proposal> {
    return this.#open.values();
  }

  /** The proposal that a lease is of. */
  of(lease: object): Proposal | undefined {
    return this.#open.values().find((proposal) => proposal.lease === lease);
  }

  /** Ends a proposal, for the caller to say how. */
  close({ lease, outcome }: Proposal): Proposal["outcome"] {
    this.#open.delete(lease.metadata.name);
    return outcome;
  }

  /** Refuses all there are. */
  refuse(error: unknown): void {
    for (const proposal of this.#open.values()) this.close(proposal).reject(error);
  }

  /** Refuses all there are, and those to come. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.refuse(ending());
  }
}

/** Stores count their versions up; what is new has none yet. */
function isNewer(lease: Lease, proposed: Lease): boolean {
  return BigInt(lease.metadata.resourceVersion) > BigInt(proposed.metadata.resourceVersion ?? -1);
}

function ending(): UnavailableError {
  return new UnavailableError("the controller is ending; try again when it is back");
}
