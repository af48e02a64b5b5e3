import {
  type Change,
  type ChangeKind,
  conditionOf,
  decide,
  type DecideOptions,
} from "@jumpstarter/lib/lease";
import { ConflictError, type Draft, type Lease, NotFoundError, type Store } from "../store/mod.ts";
import { Alarm } from "./alarm.ts";
import type { LabView } from "./lab_view.ts";
import type { Log } from "./log.ts";
import { type Proposal, Proposals } from "./proposals.ts";

/** What a {@linkcode Scheduler} takes. */
export interface SchedulerOptions {
  /** Where decisions are stored. */
  readonly store: Store;
  /** What is decided on. */
  readonly view: LabView;
  /** Takes what there is to tell. */
  readonly log: Log;
  /** How decisions are made. */
  readonly decide?: DecideOptions;
  /** Writes what follows from a change at once with it. */
  readonly accompany?: (change: Change) => Promise<void>;
  /** Is told of each change of a lease's status, once it is stored. */
  readonly onStored?: (change: Change) => void;
}

/** How long the news that only change a message may wait, in ms: hundreds may stand in line. */
const TELL_INTERVAL = 2_000;
/** How long until a store that failed is tried again, in ms. */
const RETRY = 1_000;

/**
 * Decides about leases whenever something changes or time does it, and stores what was decided.
 * A lease that is written through it is stored with what can be decided about it at once.
 */
export class Scheduler implements AsyncDisposable {
  readonly #options: SchedulerOptions;
  readonly #alarm = new Alarm(() => this.poke());
  readonly #proposals = new Proposals(() => this.poke());
  #due = Promise.withResolvers<void>();
  #isClosed = false;
  #running: Promise<void>;
  #tellAt = 0;
  #faults = "";

  constructor(options: SchedulerOptions) {
    this.#options = options;
    options.view.onChange(() => this.poke());
    this.#running = this.#run();
    this.poke();
  }

  /** Asks for a round. */
  poke(): void {
    this.#due.resolve();
  }

  /** Stores a new lease; rejects as the store does. */
  async create(draft: Draft<Lease>): Promise<Lease> {
    const { leases } = this.#options.store;
    return await this.#proposals.stored({
      rehearse: () => leases.create(draft, { dryRun: true }),
      write: (lease) => leases.create(lease, { status: true }),
    });
  }

  /** Stores a lease with another spec; rejects as the store does. */
  async update(lease: Lease): Promise<Lease> {
    const { leases } = this.#options.store;
    return await this.#proposals.stored({
      rehearse: () => leases.update(lease, { dryRun: true }),
      write: (lease) => leases.update(lease, { status: true }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.poke();
    await this.#running;
  }

  async #run(): Promise<void> {
    using alarm = this.#alarm;
    using proposals = this.#proposals;
    while (!this.#isClosed) {
      await this.#due.promise;
      this.#due = Promise.withResolvers();
      if (this.#isClosed) return;
      try {
        await this.#round();
      } catch (error) {
        this.#options.log("ERROR", "cannot decide about leases; trying again", {
          error: String(error),
        });
        proposals.refuse(error);
        alarm.within(RETRY);
      }
    }
  }

  async #round(): Promise<void> {
    const { view, log } = this.#options;
    const now = Date.now();
    this.#alarm.clear();
    const lab = { ...view.lab, leases: this.#proposals.over(view.leases) };
    const { changes, next, recheck, faults } = decide(lab, now, this.#options.decide);
    if (faults.join() !== this.#faults) {
      this.#faults = faults.join();
      for (const fault of faults) log("WARNING", fault, {});
    }
    const mayTell = now >= this.#tellAt;
    const meant = changes.filter((change) => mayTell || !isOnlyTold(change));
    if (meant.some(isOnlyTold)) this.#tellAt = now + TELL_INTERVAL;
    for (const time of [next, recheck, ...meant.length < changes.length ? [this.#tellAt] : []]) {
      if (time !== undefined) this.#alarm.within(time - now);
    }
    await this.#storeAll([...meant, ...this.#undecided(meant)]);
  }

  /** What is proposed is stored, too, when nothing is decided about it. */
  #undecided(changes: readonly Change[]): Change[] {
    const decided = new Set<object>(changes.map(({ before }) => before));
    return Array.from(this.#proposals.open, ({ lease }) => lease)
      .filter((lease) => !decided.has(lease))
      .map((lease) => ({ kind: "recorded", before: lease, after: lease }));
  }

  /**
   * Stores changes: first the ends, then the grants that may need them, then all else. What is of one
   * kind is stored at once; after a lease that has changed in the meantime the next kinds are void.
   */
  async #storeAll(changes: readonly Change[]): Promise<void> {
    for (const kinds of ORDER) {
      const now = changes.filter(({ kind }) => kinds.includes(kind));
      // Whatever fails, the others are stored, and those who wait for them are told so.
      const outcomes = await Promise.allSettled(now.map((change) => this.#store(change)));
      const stored = outcomes.map((outcome) => {
        if (outcome.status === "rejected") throw outcome.reason;
        return outcome.value;
      });
      if (stored.includes(false)) return;
    }
  }

  /** Stores a change, if its lease is still the one that was decided on. */
  async #store(change: Change): Promise<boolean> {
    const { view, accompany, onStored } = this.#options;
    const { kind, before, after } = change;
    const proposal = this.#proposals.of(before);
    const [stored] = await Promise.all([
      proposal === undefined ? this.#update(change) : this.#accept(proposal, change),
      accompany?.(change),
    ]);
    if (stored === undefined) {
      this.poke();
      return false;
    }
    view.setLease(stored);
    if (after.status !== before.status) onStored?.(change);
    if (kind !== "told" && kind !== "recorded") this.#log(change);
    if (proposal !== undefined) this.#proposals.close(proposal).resolve(stored);
    return true;
  }

  async #update({ before, after }: Change): Promise<Lease | undefined> {
    const { store: { leases }, view } = this.#options;
    const { name, namespace = "" } = before.metadata;
    try {
      const metadata = after.metadata !== before.metadata;
      return await leases.updateStatus(after as Lease, { metadata });
    } catch (error) {
      if (error instanceof NotFoundError) view.deleteLease(name);
      else if (!(error instanceof ConflictError)) throw error;
      else view.setLease(await leases.get(namespace, name));
      return undefined;
    }
  }

  async #accept(proposal: Proposal, { after }: Change): Promise<Lease | undefined> {
    try {
      return await proposal.write(after as Lease);
    } catch (error) {
      this.#proposals.close(proposal).reject(error);
      return undefined;
    }
  }

  #log({ kind, after: { metadata, spec, status } }: Change): void {
    const exporter = status?.exporterRef?.name ?? "";
    const facts = { lease: metadata.name, client: spec.clientRef.name, exporter };
    this.#options.log("INFO", `lease ${kind}`, facts);
  }
}

/** What is stored one after the other. */
const ORDER: readonly (readonly ChangeKind[])[] = [
  ["ended"],
  ["granted"],
  ["refused", "recorded", "told"],
];

/** Whether a lease that waits is told where it stands, and has been told before. */
function isOnlyTold({ kind, before, after }: Change): boolean {
  const [was, is] = [before, after].map((lease) => conditionOf(lease, "Pending")?.reason);
  return kind === "told" && was !== undefined && was === is;
}
