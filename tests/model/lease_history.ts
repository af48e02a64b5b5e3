import assert from "node:assert/strict";
import {
  API_VERSION,
  changeTimes,
  completeTimes,
  type ExporterAccessPolicy,
  type Lease,
  type StoredExporterStatus,
  type TimeFields,
  withTimes,
} from "@jumpstarter/lib/lease";
import { type Device, LabWorld } from "./lab_world.ts";
import { LeaseOracle } from "./lease_oracle.ts";
import { Random } from "./random.ts";

const MINUTE = 60_000;
const BOARDS = ["a", "b"];
const TEAMS = ["red", "blue"];
const CLIENTS = ["c1", "c2", "c3"];
const EXPORTERS = ["e1", "e2", "e3", "e4"];
const AFTER: Readonly<Partial<Record<StoredExporterStatus, StoredExporterStatus>>> = {
  Available: "BeforeLeaseHook",
  BeforeLeaseHook: "LeaseReady",
};

/** A random history of a lab, checked after every step. */
export class LeaseHistory {
  readonly #world = new LabWorld();
  readonly #oracle = new LeaseOracle(this.#world);
  readonly #random: Random;
  readonly #devices = new Map<string, Device>();
  readonly #names = new Set<string>();
  readonly #log: (line: string) => void;

  constructor(seed: number, log: (line: string) => void = () => {}) {
    this.#random = new Random(seed);
    this.#log = log;
    for (const name of EXPORTERS) this.#addExporter(name);
    for (const name of CLIENTS) this.#addClient(name);
  }

  /** One thing happens, and is decided upon. */
  step(): void {
    const [name, act] = this.#random.pick(this.#actions);
    this.#log(`${new Date(this.#world.now).toISOString()} ${name} ${act() ?? ""}`);
    this.#settle();
  }

  /** Everything works again, and those that hold exporters give them back: all are served. */
  drain(): void {
    const { stored } = this.#world;
    for (const device of this.#devices.values()) {
      Object.assign(device, { isEnabled: true, isOnline: true });
    }
    for (const name of CLIENTS) this.#addClient(name);
    const isOpen = ({ status }: Lease) => status?.ended !== true;
    for (let rounds = 0; stored.values().some(isOpen); rounds++) {
      const left = [...stored.values()].filter(isOpen).map(({ metadata }) => metadata.name);
      assert.ok(rounds < 200, `never served: ${left.join(", ")}`);
      for (const lease of stored.values()) {
        if (lease.status?.exporterRef && isOpen(lease)) this.#release(lease);
      }
      this.#settle();
      for (const name of this.#devices.keys()) this.#progress(name);
      this.#settle();
      this.#pass(MINUTE);
    }
  }

  readonly #actions: readonly (readonly [string, () => string | void])[] = [
    ["create", () => this.#create()],
    ["create", () => this.#create()],
    ["create", () => this.#create()],
    ["pass", () => this.#pass(this.#random.below(20 * MINUTE))],
    ["pass", () => this.#pass(this.#random.below(1000))],
    ["progress", () => this.#progress(this.#anExporter())],
    ["progress", () => this.#progress(this.#anExporter())],
    ["progress", () => this.#progress(this.#anExporter())],
    ["release", () => this.#onLease((lease) => this.#release(lease))],
    ["extend", () => this.#onLease((lease) => this.#extend(lease))],
    ["transfer", () => this.#onLease((lease) => this.#transfer(lease))],
    ["network", () => this.#onDevice((device) => device.isOnline = this.#random.chance(0.8))],
    ["enable", () => this.#onDevice((device) => device.isEnabled = this.#random.chance(0.8))],
    ["label", () => this.#onDevice((device) => device.labels = this.#someLabels())],
    ["replace", () => this.#replaceExporter()],
    ["rules", () => this.#changeRules()],
  ];

  /** Decides until nothing is left, with crashes on the way, and checks what is there then. */
  #settle(): void {
    const granted: Lease[] = [];
    for (let rounds = 0;; rounds++) {
      const { changes } = this.#world.decide();
      if (changes.length === 0) break;
      assert.ok(rounds < 20, "decisions never come to rest");
      const isCrash = rounds < 5 && this.#random.chance(0.1);
      const count = isCrash ? this.#random.below(changes.length + 1) : changes.length;
      for (const [index, change] of changes.slice(0, count).entries()) {
        const { name } = change.before.metadata;
        this.#log(`  ${change.kind} ${name} ${change.after.status?.exporterRef?.name ?? ""}`);
        this.#oracle.checkChange(change);
        this.#world.store(change, isCrash && index === count - 1);
        if (change.kind === "granted") granted.push(change.after);
      }
      if (!isCrash) continue;
      this.#log("  crash");
    }
    for (const name of this.#names) assert.ok(this.#world.stored.has(name), `${name} is lost`);
    this.#oracle.checkRest();
    for (const lease of granted) this.#oracle.checkTurns(lease);
  }

  /** Time passes; whenever it changes something, that is decided. */
  #pass(duration: number): void {
    const until = this.#world.now + duration;
    for (;;) {
      const { next = Infinity } = this.#world.decide();
      const quiet = Math.min(next - 1, until);
      const between = this.#world.now + Math.floor(this.#random.next() * (quiet - this.#world.now));
      const { changes } = this.#world.decide(between);
      assert.deepEqual(changes, [], `at ${between} something changes before ${next}`);
      this.#world.now = Math.min(next, until);
      this.#settle();
      if (next > until) return;
    }
  }

  #create(): string {
    const random = this.#random;
    const name = `l${String(this.#names.size + 1).padStart(4, "0")}${random.below(10)}`;
    const matchLabels = { board: random.pick(BOARDS) };
    const isPinned = random.chance(0.3);
    const spec: Lease["spec"] = {
      clientRef: { name: random.pick(CLIENTS) },
      selector: isPinned && random.chance(0.7) ? {} : {
        ...random.chance(0.8) && { matchLabels },
        ...random.chance(0.3) && {
          matchExpressions: [{ key: "rack", operator: "NotIn", values: ["1"] }],
        },
      },
      ...isPinned && { exporterRef: { name: random.pick(EXPORTERS) } },
      ...random.chance(0.3) && { allowDisabled: true },
    };
    if (Object.keys(spec.selector).length === 0 && !isPinned) spec.selector = { matchLabels };
    this.#names.add(name);
    this.#world.addLease(name, withTimes(spec, completeTimes(this.#someTimes())));
    return `${name} ${JSON.stringify(this.#world.stored.get(name)?.spec)}`;
  }

  #someTimes(): TimeFields {
    const random = this.#random;
    const duration = random.pick([1000, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE]);
    if (random.chance(0.6)) return { duration };
    const begin = this.#world.now + (random.below(40) - 5) * MINUTE;
    return random.chance(0.5) ? { begin, duration } : { begin, end: begin + duration };
  }

  #release(lease: Lease): void {
    this.#world.changeSpec(lease, { ...lease.spec, release: true });
  }

  #extend(lease: Lease): string {
    const asked = this.#someTimes();
    try {
      this.#world.changeSpec(lease, changeTimes(lease, asked));
      return JSON.stringify(asked);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      return error.message;
    }
  }

  #transfer(lease: Lease): void {
    if (lease.status?.exporterRef === undefined) return;
    const clientRef = { name: this.#random.pick(CLIENTS) };
    this.#world.changeSpec(lease, { ...lease.spec, clientRef });
  }

  /** An exporter takes its next step: towards serving its lease, or after it. */
  #progress(name: string): void {
    const device = this.#devices.get(name)!;
    const isLeased = this.#world.stored.values().some(({ status }) =>
      status?.exporterRef?.name === name && !status.ended
    );
    if (device.status !== undefined) {
      device.status = isLeased
        ? AFTER[device.status] ?? device.status
        : device.status === "Available" || device.status === "AfterLeaseHook"
        ? "Available"
        : "AfterLeaseHook";
    }
    this.#show(name);
  }

  #replaceExporter(): string {
    const name = this.#anExporter();
    const gone = this.#world.deleteExporter(name);
    for (const lease of gone) this.#names.delete(lease);
    this.#addExporter(name);
    return `${name}, with ${gone.join(" ")}`;
  }

  #addExporter(name: string): void {
    const status = this.#random.chance(0.2) ? undefined : "Available";
    this.#devices.set(name, {
      labels: this.#someLabels(),
      isEnabled: true,
      isOnline: true,
      status,
    });
    this.#show(name);
  }

  /** Now and then, policies or clients change: most leases wait under the same ones. */
  #changeRules(): string {
    if (this.#random.chance(0.5)) return this.#changePolicies();
    const name = this.#random.pick(CLIENTS);
    if (!this.#world.clients.delete(name)) this.#addClient(name);
    return name;
  }

  #addClient(name: string): void {
    this.#world.setClient(name, { team: this.#random.pick(TEAMS) });
  }

  #changePolicies(): string {
    const random = this.#random;
    const some = (key: string, values: readonly string[]) =>
      random.chance(0.7) ? {} : { matchLabels: { [key]: random.pick(values) } };
    const rule = () => ({
      priority: random.pick([0, 5, 10]),
      from: [{ clientSelector: some("team", TEAMS) }],
      ...random.chance(0.2) && { maximumDuration: "1h0m0s" },
      ...random.chance(0.1) && { spotAccess: true },
    });
    this.#world.policies = Array.from({ length: random.below(4) }, (_, index) => ({
      apiVersion: API_VERSION,
      kind: "ExporterAccessPolicy",
      metadata: { name: `p${index}` },
      spec: {
        exporterSelector: some("board", BOARDS),
        policies: Array.from({ length: 1 + random.below(3) }, rule),
      },
    } satisfies ExporterAccessPolicy));
    return JSON.stringify(this.#world.policies.map(({ spec }) => spec));
  }

  #onLease(act: (lease: Lease) => string | void): string {
    const open = [...this.#world.stored.values()].filter(({ status }) => !status?.ended);
    if (open.length === 0) return "";
    const lease = this.#random.pick(open);
    return `${lease.metadata.name} ${act(lease) ?? ""}`;
  }

  #onDevice(act: (device: Device) => void): string {
    const name = this.#anExporter();
    act(this.#devices.get(name)!);
    this.#show(name);
    return `${name} ${JSON.stringify(this.#devices.get(name))}`;
  }

  #show(name: string): void {
    this.#world.setExporter(name, this.#devices.get(name)!);
  }

  #anExporter(): string {
    return this.#random.pick(EXPORTERS);
  }

  #someLabels(): Record<string, string> {
    return { board: this.#random.pick(BOARDS), rack: this.#random.pick(["1", "2"]) };
  }
}
