import {
  ENDED_LABEL,
  ExporterIndex,
  isActive,
  type Lab,
  type Labels,
} from "@jumpstarter/lib/lease";
import type {
  Client,
  Exporter,
  ExporterAccessPolicy,
  Lease,
  Store,
  StoredObject,
} from "../store/mod.ts";
import type { Follower } from "./follow.ts";
import { Following } from "./following.ts";
import { Topics } from "./topics.ts";

/** What {@linkcode LabView.open} takes. */
export interface LabViewOptions {
  /** The store that is looked at. */
  readonly store: Store;
  /** The namespace that is looked at. */
  readonly namespace: string;
}

/** Told of every change of a lease in the view; `undefined` where there is none. */
export type LeaseListener = (before: Lease | undefined, after: Lease | undefined) => void;

/**
 * The objects of one namespace that decisions depend on, in memory and up to date: leases that have
 * ended and carry their label are left out.
 */
export class LabView implements AsyncDisposable {
  /** News of exporters and of the leases that hold them, by the exporter's name. */
  readonly exporterNews: Topics = new Topics();
  readonly #exporters = new ExporterIndex();
  readonly #leases = new Map<string, Lease>();
  readonly #holders = new Map<string, string>();
  readonly #clients = new Map<string, Client>();
  readonly #policies = new Map<string, ExporterAccessPolicy>();
  readonly #listeners = new Set<() => void>();
  readonly #leaseListeners = new Set<LeaseListener>();
  readonly #exporterListeners = new Set<(name: string) => void>();
  readonly #following = new Following();

  private constructor() {}

  /** Looks at everything there is, and follows it from then on. */
  static async open({ store, namespace }: LabViewOptions): Promise<LabView> {
    const view = new LabView();
    const following = view.#following;
    following.add(store.exporters, { namespace }, {
      set: (exporter) => view.setExporter(exporter),
      delete: (name) => view.#deleteExporter(name),
    });
    const isOpen = (labels: Labels) => labels[ENDED_LABEL] !== "true";
    following.add(store.leases, { namespace, labels: isOpen }, {
      set: (lease) => view.setLease(lease),
      delete: (name) => view.deleteLease(name),
    });
    following.add(store.clients, { namespace }, view.#keep(view.#clients));
    following.add(store.exporteraccesspolicies, { namespace }, view.#keep(view.#policies));
    await following.ready();
    return view;
  }

  /** Rejects when the view can no longer follow the store. */
  get failed(): Promise<never> {
    return this.#following.failed;
  }

  /** The leases that are not over. */
  get leases(): IteratorObject<Lease> {
    return this.#leases.values();
  }

  /** What decisions are made of. */
  get lab(): Lab {
    return {
      leases: this.leases,
      exporters: this.#exporters,
      clients: this.#clients,
      policies: [...this.#policies.values()],
    };
  }

  /** The names of all exporters. */
  get exporterNames(): string[] {
    return Array.from(this.#exporters.values(), ({ metadata }) => metadata.name);
  }

  /** An exporter. */
  exporter(name: string): Exporter | undefined {
    return this.#exporters.get(name) as Exporter | undefined;
  }

  /** A lease that is not over. */
  lease(name: string): Lease | undefined {
    return this.#leases.get(name);
  }

  /** The lease that an exporter serves. */
  holderOf(exporter: string): Lease | undefined {
    return this.#leases.get(this.#holders.get(exporter) ?? "");
  }

  /** Told whenever anything changes. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Told of the changes of leases. */
  onLease(listener: LeaseListener): void {
    this.#leaseListeners.add(listener);
  }

  /** Told of the changes of exporters, and of the leases that hold them. */
  onExporter(listener: (name: string) => void): void {
    this.#exporterListeners.add(listener);
  }

  /** Takes an exporter as it was just written; what is known already, or older, is left alone. */
  setExporter(exporter: Exporter): void {
    const { name } = exporter.metadata;
    if (!isNews(exporter, this.exporter(name))) return;
    this.#exporters.set(exporter);
    this.#tellExporter(name);
    this.#tell();
  }

  /** Takes a lease as it was just written; what is known already, or older, is left alone. */
  setLease(lease: Lease): void {
    const { name, labels } = lease.metadata;
    const before = this.#leases.get(name);
    if (!isNews(lease, before)) return;
    if (labels?.[ENDED_LABEL] === "true") return this.deleteLease(name, lease);
    this.#leases.set(name, lease);
    this.#hold(before, lease);
    for (const listener of this.#leaseListeners) listener(before, lease);
    this.#tell();
  }

  /** Forgets a lease that is over or gone. */
  deleteLease(name: string, last?: Lease): void {
    const before = this.#leases.get(name);
    if (before === undefined) return;
    this.#leases.delete(name);
    this.#hold(before, undefined);
    for (const listener of this.#leaseListeners) listener(before, last);
    this.#tell();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#following[Symbol.asyncDispose]();
  }

  #deleteExporter(name: string): void {
    this.#exporters.delete(name);
    this.#tellExporter(name);
    this.#tell();
  }

  #keep<T extends StoredObject>(objects: Map<string, T>): Follower<T> {
    return {
      set: (object) => {
        objects.set(object.metadata.name, object);
        this.#tell();
      },
      delete: (name) => {
        objects.delete(name);
        this.#tell();
      },
    };
  }

  /** Notes whom exporters serve. */
  #hold(before: Lease | undefined, after: Lease | undefined): void {
    const [was, is] = [before, after].map((lease) =>
      lease !== undefined && isActive(lease) ? lease.status?.exporterRef?.name : undefined
    );
    const name = before?.metadata.name ?? after?.metadata.name;
    if (was !== undefined && was !== is && this.#holders.get(was) === name) {
      this.#holders.delete(was);
      this.#tellExporter(was);
    }
    if (is === undefined) return;
    this.#holders.set(is, after!.metadata.name);
    this.#tellExporter(is);
  }

  #tellExporter(name: string): void {
    this.exporterNews.tell(name);
    for (const listener of this.#exporterListeners) listener(name);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Stores count their versions up; what was written is known before the watch tells of it. */
function isNews(object: StoredObject, known: StoredObject | undefined): boolean {
  return known?.metadata.uid !== object.metadata.uid ||
    BigInt(object.metadata.resourceVersion) > BigInt(known.metadata.resourceVersion);
}
