import { type Change, conditionOf, decide, type DecideOptions } from "@jumpstarter/lib/lease";
import { ConflictError, type Lease, NotFoundError, type Store } from "../store/mod.ts";
import { Alarm } from "./alarm.ts";
import type { LabView } from "./lab_view.ts";
import type { Log } from "./log.ts";

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
  /** Is told of each change of a lease's status, once it is stored. */
  readonly onStored?: (change: Change) => void;
}

/** How long the news that only change a message may wait, in ms: hundreds may stand in line. */
const TELL_INTERVAL = 2_000;
/** How long until a store that failed is tried again, in ms. */
const RETRY = 1_000;

/** Decides about leases whenever something changes or time does it, and stores what was decided. */
export class Scheduler implements AsyncDisposable {
  readonly #options: SchedulerOptions;
  readonly #alarm = new Alarm(() => this.poke());
  #due = Promise.withResolvers<void>();
  #next = Promise.withResolvers<void>();
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

  /**
   * Takes a lease that was just written, and settles when what can be decided about it at once has
   * been decided and stored.
   */
  async settle(lease: Lease): Promise<void> {
    this.#options.view.setLease(lease);
    const { promise } = this.#next;
    this.poke();
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.poke();
    await this.#running;
  }

  async #run(): Promise<void> {
    using alarm = this.#alarm;
    while (!this.#isClosed) {
      await this.#due.promise;
      this.#due = Promise.withResolvers();
      const turn = this.#next;
      this.#next = Promise.withResolvers();
      if (!this.#isClosed) {
        try {
          await this.#round(turn.resolve);
        } catch (error) {
          this.#options.log("ERROR", "cannot decide about leases; trying again", {
            error: String(error),
          });
          alarm.within(RETRY);
        }
      }
      turn.resolve();
    }
    this.#next.resolve();
  }

  /** @param onDecided told when statuses are stored; what follows from them, nobody waits for */
  async #round(onDecided: () => void): Promise<void> {
    const { view, log } = this.#options;
    const now = Date.now();
    this.#alarm.clear();
    const { changes, next, recheck, faults } = decide(view.lab, now, this.#options.decide);
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
    const isStored = await this.#store(meant, (change) => this.#storeStatus(change));
    onDecided();
    if (isStored) await this.#store(meant, (change) => this.#storeMetadata(change));
  }

  /** Stores changes in their order, until a lease has changed in the meantime: then the rest is void. */
  async #store(
    changes: readonly Change[],
    store: (change: Change) => Promise<void>,
  ): Promise<boolean> {
    for (const change of changes) {
      const { name, namespace = "" } = change.before.metadata;
      const { store: { leases }, view } = this.#options;
      try {
        await store(change);
      } catch (error) {
        if (error instanceof NotFoundError) view.deleteLease(name);
        else if (!(error instanceof ConflictError)) throw error;
        else view.setLease(await leases.get(namespace, name));
        this.poke();
        return false;
      }
    }
    return true;
  }

  async #storeStatus({ kind, before, after }: Change): Promise<void> {
    if (after.status === before.status) return;
    const { store: { leases }, view, log } = this.#options;
    view.setLease(await leases.updateStatus(after as Lease));
    this.#options.onStored?.({ kind, before, after });
    if (kind === "told" || kind === "recorded") return;
    const { metadata: { name }, spec: { clientRef }, status } = after;
    const exporter = status?.exporterRef?.name ?? "";
    log("INFO", `lease ${kind}`, { lease: name, client: clientRef.name, exporter });
  }

  /** The label and the owner follow from the status; a crash in between makes up for them later. */
  async #storeMetadata({ before, after }: Change): Promise<void> {
    if (after.metadata === before.metadata) return;
    const { store: { leases }, view } = this.#options;
    const { name, namespace = "", uid, labels, ownerReferences } = after.metadata;
    view.setLease(
      await leases.patch(namespace, name, { metadata: { uid, labels, ownerReferences } }),
    );
  }
}

/** Whether a lease that waits is told where it stands, and has been told before. */
function isOnlyTold({ kind, before, after }: Change): boolean {
  const [was, is] = [before, after].map((lease) => conditionOf(lease, "Pending")?.reason);
  return kind === "told" && was !== undefined && was === is;
}
