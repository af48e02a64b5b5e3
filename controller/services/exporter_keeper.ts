import { type Change, isActive } from "@jumpstarter/lib/lease";
import type { Liveness } from "../liveness/mod.ts";
import type { LabView, Log } from "../scheduler/mod.ts";
import {
  change,
  equal,
  type Exporter,
  type ExporterStatus,
  NotFoundError,
  type Store,
} from "../store/mod.ts";
import type { EventRecorder } from "../events/mod.ts";
import { Chores } from "./chores.ts";
import { exporterEvents } from "./exporter_events.ts";
import {
  type ExporterState,
  isLost,
  isMarkedOnline,
  lost,
  neverSeen,
  registered,
  returned,
} from "./exporter_state.ts";

/** What an {@linkcode ExporterKeeper} takes. */
export interface ExporterKeeperOptions {
  /** Where exporters are kept. */
  readonly store: Store;
  /** The namespace. */
  readonly namespace: string;
  /** What is known of exporters and leases. */
  readonly view: LabView;
  /** Which exporters are there. */
  readonly liveness: Liveness;
  /** Where exporters find the controller, `host:port`. */
  readonly endpoint: string;
  /** Tells what becomes of exporters. */
  readonly events: EventRecorder;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** Keeps the status of exporters true: who is there, whom they serve. Writes transitions only. */
export class ExporterKeeper implements AsyncDisposable {
  readonly #options: ExporterKeeperOptions;
  /** What exporters were doing when their connection was lost. */
  readonly #before = new Map<string, ExporterStatus>();
  readonly #chores = new Chores((name) => this.#update(name));

  constructor(options: ExporterKeeperOptions) {
    this.#options = options;
    const { view, liveness } = options;
    view.onExporter((name) => this.lookAfter(name));
    for (const name of view.exporterNames) {
      // Those that were there before the controller started get the time to come back.
      if (isMarkedOnline(view.exporter(name)!)) liveness.hear(name);
      this.lookAfter(name);
    }
  }

  /** Brings what is stored of an exporter up to date, soon. */
  lookAfter(name: string): void {
    this.#chores.add(name);
  }

  /**
   * Changes an exporter's status to what `decide` makes of it; nothing is written when that is what
   * it was.
   */
  async write(name: string, decide: (exporter: Exporter) => ExporterState): Promise<Exporter> {
    const { store: { exporters }, namespace, view, events } = this.#options;
    let before: Exporter | undefined;
    const written = await change(exporters, namespace, name, (exporter) => {
      before = exporter;
      const status = decide(exporter);
      const isSame = equal(status, exporter.status ?? {});
      return isSame ? exporter : exporters.updateStatus({ ...exporter, status });
    });
    view.setExporter(written);
    for (const event of exporterEvents(before!, written)) events.tell(written, event);
    return written;
  }

  /** Writes, at once with the change of a lease, whom its exporter serves from then on. */
  async accompany({ after }: Change): Promise<void> {
    const { store: { exporters }, view } = this.#options;
    const { name } = after.metadata;
    const exporter = view.exporter(after.status?.exporterRef?.name ?? "");
    const { leaseRef, ...state } = exporter?.status ?? {};
    const isServed = isActive(after);
    if (exporter === undefined || isServed === (leaseRef?.name === name)) return;
    const status = { ...state, ...isServed && { leaseRef: { name } } };
    try {
      view.setExporter(await exporters.updateStatus({ ...exporter, status }));
    } catch {
      // Somebody else was faster: the exporter is looked after, as after every change of its lease.
      this.lookAfter(exporter.metadata.name);
    }
  }

  /** An exporter is there, and follows its leases. */
  async greet(name: string): Promise<void> {
    await this.write(name, (exporter) => {
      const isKnown = isMarkedOnline(exporter) && exporter.status?.exporterStatus !== "Offline" &&
        exporter.status?.lastSeen !== undefined;
      if (isKnown) return exporter.status!;
      return returned(exporter, isLost(exporter) ? this.#before.get(name) : undefined, Date.now());
    });
    this.#before.delete(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chores[Symbol.asyncDispose]();
  }

  async #update(name: string): Promise<void> {
    if (this.#options.view.exporter(name) === undefined) {
      this.#before.delete(name);
      return;
    }
    try {
      await this.write(name, (exporter) => this.#stateOf(exporter));
    } catch (error) {
      if (error instanceof NotFoundError) return;
      this.#options.log("ERROR", "cannot store the status of an exporter", {
        exporter: name,
        error: String(error),
      });
    }
  }

  #stateOf(exporter: Exporter): ExporterState {
    const { view, liveness, endpoint } = this.#options;
    const now = Date.now();
    const { name } = exporter.metadata;
    const { leaseRef: _, ...state } = this.#presenceOf(exporter, liveness.isAlive(name), now);
    const holder = view.holderOf(name)?.metadata.name;
    const status = {
      ...state,
      endpoint,
      ...holder !== undefined && { leaseRef: { name: holder } },
    };
    return { ...status, conditions: registered({ ...exporter, status }, now) };
  }

  #presenceOf(exporter: Exporter, isAlive: boolean, now: number): ExporterState {
    const { status = {}, metadata: { name } } = exporter;
    if (status.lastSeen === undefined && !isAlive) return neverSeen(exporter, now);
    if (isAlive || !isMarkedOnline(exporter)) return status;
    if (status.exporterStatus !== undefined) this.#before.set(name, status.exporterStatus);
    this.#options.log("WARNING", "exporter is gone", { exporter: name });
    return lost(exporter, now);
  }
}
