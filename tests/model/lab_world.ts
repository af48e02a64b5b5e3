import {
  API_VERSION,
  type Change,
  type Client,
  type Condition,
  decide,
  type Decision,
  type Exporter,
  type ExporterAccessPolicy,
  ExporterIndex,
  formatTime,
  type Lab,
  type Lease,
  type StoredExporterStatus,
} from "@jumpstarter/lib/lease";

/** How decisions are made in the model. */
export const OPTIONS = { hold: 5 * 60_000, patience: 60 * 60_000 };

/** What is known about an exporter. */
export interface Device {
  labels: Record<string, string>;
  isEnabled: boolean;
  isOnline: boolean;
  /** Absent for old exporters, which report none. */
  status: StoredExporterStatus | undefined;
}

/** A lab in memory: objects, a clock, and what decisions change. */
export class LabWorld implements Lab {
  readonly exporters = new ExporterIndex();
  readonly clients = new Map<string, Client>();
  readonly stored = new Map<string, Lease>();
  policies: ExporterAccessPolicy[] = [];
  now = Date.parse("2026-01-31T12:00:00Z");
  #uids = 0;

  /** Leases, without those that ended and carry their label, as the scheduler keeps them. */
  get leases(): Iterable<Lease> {
    return this.stored.values().filter(({ status, metadata }) =>
      status?.ended !== true || metadata.labels?.["jumpstarter.dev/lease-ended"] !== "true"
    );
  }

  uid(): string {
    return `uid-${++this.#uids}`;
  }

  decide(at = this.now): Decision {
    return decide(this, at, OPTIONS);
  }

  /** Decides at a time, and stores what is decided, until nothing is left; names what was done. */
  settle(at = this.now): string[] {
    this.now = at;
    const done: string[] = [];
    for (let { changes } = this.decide(); changes.length > 0; { changes } = this.decide()) {
      if (done.length > 1000) throw new Error("decisions never come to rest");
      for (const change of changes) {
        done.push(`${change.kind} ${change.before.metadata.name}`);
        this.store(change);
      }
    }
    return done;
  }

  /** The lease of a name. */
  lease(name: string): Lease {
    const lease = this.stored.get(name);
    if (lease === undefined) throw new Error(`there is no lease ${name}`);
    return lease;
  }

  /** A lease in a few words: its exporter, whether it ended, and its conditions in order. */
  story(name: string): string {
    const { status } = this.lease(name);
    const conditions = status?.conditions ?? [];
    return [
      status?.exporterRef?.name ?? "-",
      ...status?.ended ? ["ended"] : [],
      ...conditions.map((condition) => `${condition.type}=${condition.status}/${condition.reason}`),
    ].join(" ");
  }

  /** The message of a lease's last condition. */
  message(name: string): string {
    return this.lease(name).status?.conditions?.at(-1)?.message ?? "";
  }

  /** Stores a change as the store does: status first, metadata next; `isCut` stops between them. */
  store({ before, after }: Change, isCut = false): void {
    const { name } = before.metadata;
    if (this.stored.get(name) !== before) {
      throw new Error(`${name} changed since it was decided on`);
    }
    this.stored.set(name, isCut ? { ...after, metadata: before.metadata } : after);
  }

  /** Adds a lease for client `c`, for half an hour, unless told otherwise. */
  addLease(name: string, { clientRef = { name: "c" }, ...asked }: Partial<Lease["spec"]>): void {
    const isTimed = "duration" in asked || "endTime" in asked;
    const duration = isTimed ? {} : { duration: "30m0s" };
    const spec: Lease["spec"] = { clientRef, selector: {}, ...duration, ...asked };
    const metadata = {
      name,
      uid: this.uid(),
      generation: 1,
      creationTimestamp: formatTime(Math.floor(this.now / 1000) * 1000),
    };
    this.stored.set(name, { apiVersion: API_VERSION, kind: "Lease", metadata, spec });
  }

  changeSpec(lease: Lease, spec: Lease["spec"]): void {
    const { metadata } = lease;
    const generation = (metadata.generation ?? 0) + 1;
    this.stored.set(metadata.name, { ...lease, metadata: { ...metadata, generation }, spec });
  }

  /** Adds an exporter, or replaces what is known about it; it is fit for a lease unless told. */
  setExporter(name: string, device: Partial<Device> = {}): void {
    const { labels = {}, isEnabled = true, isOnline = true } = device;
    const status = "status" in device ? device.status : "Available";
    const condition = (type: string, holds: boolean): Condition => ({
      type,
      status: holds ? "True" : "False",
      reason: "Model",
      message: "",
      lastTransitionTime: formatTime(this.now),
    });
    const exporter: Exporter = {
      apiVersion: API_VERSION,
      kind: "Exporter",
      metadata: { name, labels, uid: this.exporters.get(name)?.metadata.uid ?? this.uid() },
      spec: { enabled: isEnabled },
      status: {
        conditions: [condition("Registered", true), condition("Online", isOnline)],
        ...status && { exporterStatus: status },
      },
    };
    this.exporters.set(exporter);
  }

  setClient(name: string, labels: Record<string, string> = {}): void {
    const metadata = { name, labels };
    this.clients.set(name, { apiVersion: API_VERSION, kind: "Client", metadata, spec: {} });
  }

  addPolicy(name: string, spec: ExporterAccessPolicy["spec"]): void {
    const kind = "ExporterAccessPolicy";
    this.policies.push({ apiVersion: API_VERSION, kind, metadata: { name }, spec });
  }

  /** Removes an exporter, and the leases that belong to it. */
  deleteExporter(name: string): string[] {
    const uid = this.exporters.get(name)?.metadata.uid;
    this.exporters.delete(name);
    const owned = [...this.stored.values()].filter(({ metadata }) =>
      metadata.ownerReferences?.some((owner) => owner.uid === uid)
    );
    for (const { metadata } of owned) this.stored.delete(metadata.name);
    return owned.map(({ metadata }) => metadata.name);
  }
}
