import assert from "node:assert/strict";
import {
  type Change,
  type Exporter,
  type LabelSelector,
  type Lease,
  parsePlace,
} from "@jumpstarter/lib/lease";
import { type LabWorld, OPTIONS } from "./lab_world.ts";

/**
 * What must hold of leases, judged by brute force and in other words than the code under test:
 * selectors, policies and times are read here once more, slowly and plainly.
 */
export class LeaseOracle {
  readonly #world: LabWorld;

  constructor(world: LabWorld) {
    this.#world = world;
  }

  /** Checks one decision before it is stored. */
  checkChange({ kind, before, after }: Change): void {
    const name = before.metadata.name;
    const { now } = this.#world;
    assert.deepEqual(
      after.spec,
      before.spec,
      `${name}: a decision changed what the client asks for`,
    );
    assert.notDeepEqual(after, before, `${name}: ${kind} changes nothing`);
    assert.notEqual(before.status?.ended && !after.status?.ended, true, `${name} was resurrected`);
    for (const key of ["exporterRef", "beginTime"] as const) {
      const was = before.status?.[key];
      if (was !== undefined) assert.deepEqual(after.status?.[key], was, `${name}: ${key} changed`);
    }
    if (before.status?.exporterRef === undefined && after.status?.exporterRef !== undefined) {
      this.#checkGrant(after);
    }
    if (!before.status?.ended && after.status?.ended) this.#checkEnd(after, now);
  }

  /** Checks the lab when nothing is left to be decided. */
  checkRest(): void {
    const { now, stored } = this.#world;
    const holders = new Map<string, string>();
    for (const lease of stored.values()) {
      const { name, labels } = lease.metadata;
      const isMarked = labels?.["jumpstarter.dev/lease-ended"] === "true";
      assert.equal(isMarked, lease.status?.ended === true, `${name}: label and status differ`);
      if (lease.status?.ended) continue;
      assert.notEqual(lease.spec.release, true, `${name} is released and goes on`);
      const exporter = lease.status?.exporterRef?.name;
      if (exporter !== undefined) {
        assert.equal(holders.get(exporter), undefined, `${exporter} has two holders`);
        holders.set(exporter, name);
        assert.ok(
          endOf(lease, Date.parse(lease.status!.beginTime!)) > now,
          `${name} outlives itself`,
        );
      }
    }
    for (const lease of stored.values()) {
      const isWaiting = !lease.status?.ended && !lease.status?.exporterRef &&
        beginOf(lease) <= now;
      if (isWaiting) this.#checkWaiting(lease, holders);
    }
  }

  /** Checks that no one in line was passed over by a lease that has just got its exporter. */
  checkTurns(granted: Lease): void {
    const name = granted.status?.exporterRef?.name ?? "";
    const exporter = this.#world.exporters.get(name);
    if (exporter === undefined) return;
    const soon = this.#soonOn(exporter);
    if (soon.length === 1) this.#checkKept(soon[0]!, granted, exporter);
    if (soon.length > 0) return;
    for (const other of this.#world.stored.values()) {
      if (other.status?.ended || other.status?.exporterRef || beginOf(other) > this.#world.now) {
        continue;
      }
      const priority = this.priority(other, exporter);
      if (priority === undefined) continue;
      const [first] = [other, granted].sort((a, b) => this.#compare(a, b, exporter));
      assert.equal(
        first,
        granted,
        `${granted.metadata.name} passed ${other.metadata.name} on ${name}`,
      );
    }
  }

  /** The priority that a lease has for an exporter; `undefined` when it may not have it. */
  priority(lease: Lease, exporter: Exporter): number | undefined {
    const { spec } = lease;
    const isPinned = spec.exporterRef !== undefined;
    if (isPinned && spec.exporterRef?.name !== exporter.metadata.name) return undefined;
    if (!fits(spec.selector, exporter.metadata.labels)) return undefined;
    if (exporter.spec.enabled === false && !(isPinned && spec.allowDisabled)) return undefined;
    const { policies, clients } = this.#world;
    if (policies.length === 0) return 0;
    const client = clients.get(spec.clientRef.name);
    if (client === undefined) return undefined;
    const priorities = policies
      .filter((policy) => fits(policy.spec.exporterSelector ?? {}, exporter.metadata.labels))
      .flatMap((policy) => policy.spec.policies ?? [])
      .filter((rule) => !rule.spotAccess)
      .filter((rule) =>
        rule.from?.some((from) => fits(from.clientSelector ?? {}, client.metadata.labels))
      )
      .filter((rule) => !rule.maximumDuration || asked(lease) <= hours(rule.maximumDuration))
      .map((rule) => rule.priority ?? 0);
    return priorities.length === 0 ? undefined : Math.max(...priorities);
  }

  /** Checks that a lease which begins soon, and whose turn came first, still has an exporter left. */
  #checkKept(soon: Lease, granted: Lease, exporter: Exporter): void {
    const { now, exporters, stored } = this.#world;
    const isBeforeIt = this.#compare(soon, granted, exporter) < 0;
    if (!isBeforeIt || endOf(granted, now) <= beginOf(soon)) return;
    const begin = beginOf(soon);
    const taken = [...stored.values()]
      .filter(({ status }) => status?.exporterRef !== undefined && !status.ended)
      .filter((lease) => endOf(lease, Date.parse(lease.status?.beginTime ?? "")) > begin)
      .map(({ status }) => status?.exporterRef?.name);
    const left = exporters.values().some((other) =>
      isFree(other) && !taken.includes(other.metadata.name) &&
      this.priority(soon, other) !== undefined
    );
    assert.ok(left, `${granted.metadata.name} took what ${soon.metadata.name} needs soon`);
  }

  #checkGrant({ metadata: { name, ownerReferences }, spec, status }: Lease): void {
    const { now, exporters, stored } = this.#world;
    const exporter = exporters.get(status?.exporterRef?.name ?? "");
    assert.ok(exporter, `${name} got an exporter that is not there`);
    assert.equal(status?.priority, this.priority({ ...stored.get(name)!, spec }, exporter), name);
    assert.ok(isFree(exporter), `${name} got ${exporter.metadata.name}, which is not ready`);
    assert.ok(Date.parse(spec.beginTime ?? "1970-01-01") <= now, `${name} began early`);
    assert.equal(ownerReferences?.[0]?.uid, exporter.metadata.uid, `${name} has no owner`);
    assert.notEqual(spec.release, true, `${name} was granted after its release`);
  }

  #checkEnd(lease: Lease, now: number): void {
    const { metadata: { name }, status } = lease;
    assert.equal(Date.parse(status?.endTime ?? ""), now, `${name} has no end`);
    const last = status?.conditions?.findLast(({ type }) => type !== "Pending");
    const why = `${last?.type}=${last?.status}/${last?.reason}`;
    if (why === "Ready=False/Released") assert.equal(lease.spec.release, true, `${name}: ${why}`);
    else if (why === "Ready=False/Expired") {
      const begun = status?.beginTime === undefined ? now : Date.parse(status.beginTime);
      assert.ok(endOf(lease, begun) <= now, `${name} expired early`);
    } else {
      assert.match(why, /^Unsatisfiable=True/, name);
      const chances = [...this.#world.exporters.values()]
        .filter((exporter) => this.priority(lease, exporter) !== undefined);
      assert.deepEqual(chances, [], `${name} was refused: ${last?.message}`);
    }
  }

  #checkWaiting(lease: Lease, holders: ReadonlyMap<string, string>): void {
    const { name } = lease.metadata;
    const told = lease.status?.conditions?.find(({ type }) => type === "Pending");
    assert.equal(told?.status, "True", `${name} waits and is not told why`);
    assert.doesNotMatch(told.message, /undefined|NaN/);
    const place = parsePlace(told.message);
    if (place !== undefined) assert.ok(place.turn >= 1 && place.turn <= place.of, told.message);
    for (const exporter of this.#world.exporters.values()) {
      if (this.priority(lease, exporter) === undefined || !isFree(exporter)) continue;
      if (holders.has(exporter.metadata.name)) continue;
      const isKept = this.#soonOn(exporter).some((soon) =>
        beginOf(soon) < endOf(lease, this.#world.now)
      );
      assert.ok(isKept, `${name} waits, and ${exporter.metadata.name} is free: ${told.message}`);
    }
  }

  /** The scheduled leases that an exporter may be kept for now. */
  #soonOn(exporter: Exporter): Lease[] {
    const { stored, now } = this.#world;
    return [...stored.values()].filter((lease) =>
      !lease.status?.ended && beginOf(lease) > now && beginOf(lease) <= now + OPTIONS.hold &&
      this.priority(lease, exporter) !== undefined
    );
  }

  #compare(a: Lease, b: Lease, exporter: Exporter): number {
    const created = ({ metadata }: Lease) => Date.parse(metadata.creationTimestamp ?? "");
    const isElder = (lease: Lease) =>
      this.#world.now - Math.max(created(lease), beginOf(lease)) >= OPTIONS.patience;
    if (isElder(a) !== isElder(b)) return isElder(a) ? -1 : 1;
    const [first, second] = [this.priority(a, exporter) ?? 0, this.priority(b, exporter) ?? 0];
    if (!isElder(a) && first !== second) return second - first;
    return created(a) - created(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
  }
}

function fits(selector: LabelSelector, labels: Record<string, string> = {}): boolean {
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) =>
    labels[key] === value
  ) &&
    (selector.matchExpressions ?? []).every(({ key, values }) =>
      // the model has NotIn only
      !values?.includes(labels[key] ?? "")
    );
}

function isFree({ status }: Exporter): boolean {
  return (status?.conditions ?? []).every((condition) => condition.status === "True") &&
    [undefined, "Available"].includes(status?.exporterStatus);
}

function beginOf({ spec }: Lease): number {
  return spec.beginTime === undefined ? 0 : Date.parse(spec.beginTime);
}

function endOf(lease: Lease, begun: number): number {
  if (lease.spec.endTime !== undefined) return Date.parse(lease.spec.endTime);
  return (beginOf(lease) || begun) + asked(lease);
}

function asked({ spec }: Lease): number {
  return spec.duration === undefined ? 0 : hours(spec.duration);
}

/** The model's durations: hours, minutes and seconds. */
function hours(text: string): number {
  const part = (unit: string) => Number(new RegExp(`([\\d.]+)${unit}`).exec(text)?.[1] ?? 0);
  return ((part("h") * 60 + part("m")) * 60 + part("s")) * 1000;
}
