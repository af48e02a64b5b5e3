import { UsageError } from "../errors.ts";
import type { Access } from "./access.ts";
import { assign, type Assignment, type Waiter } from "./assignment.ts";
import { type Candidate, findCandidates, type Supply } from "./candidates.ts";
import { isOnline } from "./exporter_state.ts";
import type { Lab } from "./lab.ts";
import {
  acknowledge,
  ACQUIRED,
  begin,
  close,
  end,
  type Finding,
  grant,
  record,
  refuse,
  tell,
} from "./lease_change.ts";
import { conditionOf, expiryOf, isActive, isOpen, isTrue } from "./lease_state.ts";
import { placesOf } from "./line.ts";
import type { Lease } from "./objects.ts";
import { reasonToWait } from "./pending.ts";
import { formatPlace } from "./place.ts";
import { retryDelay } from "./retry.ts";
import { endIfBegun, parseTime, timesOf } from "./times.ts";
import type { Change, ChangeKind, DecideOptions } from "./decision.ts";

const HOLD = 5 * 60_000;
/** Python clients give up after two hours. */
const PATIENCE = 60 * 60_000;
const EPOCH = "1970-01-01T00:00:00Z";

/** One round of decisions: all leases are sorted, then those without an exporter are served. */
export class Round {
  /** What is decided so far. */
  readonly changes: Change[] = [];
  /** When time alone changes something. */
  next = Infinity;
  /** When to decide again all the same. */
  recheck = Infinity;
  readonly #lab: Lab;
  readonly #access: Access;
  readonly #now: number;
  readonly #hold: number;
  readonly #patience: number;
  /** The lease that each exporter serves, by the exporter's name. */
  readonly #holders = new Map<string, Lease>();
  /** Leases without an exporter, and what there is for them. */
  readonly #waiting: { readonly waiter: Waiter; readonly supply: Supply }[] = [];
  readonly #supplies = new Map<string, Supply>();

  constructor(lab: Lab, access: Access, now: number, options: DecideOptions) {
    this.#lab = lab;
    this.#access = access;
    this.#now = now;
    this.#hold = options.hold ?? HOLD;
    this.#patience = options.patience ?? PATIENCE;
  }

  /** Ends a lease that is over, lets one go on that has its exporter, and lines up the others. */
  sort(lease: Lease): void {
    try {
      if (!isOpen(lease)) this.#change("recorded", lease, record(lease));
      else if (isTrue(lease, "Unsatisfiable") || isTrue(lease, "Invalid")) {
        this.#change("ended", lease, close(lease, this.#now));
      } else if (lease.spec.release === true) {
        this.#change("ended", lease, end(lease, "Released", this.#now));
      } else if (isActive(lease)) this.#goOn(lease);
      else this.#lineUp(lease);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      // Written to the store by hand: a selector, duration or time that cannot be read.
      const { message } = error;
      const finding = { type: "Invalid", reason: "InvalidSpec", message } as const;
      this.#change("refused", lease, refuse(lease, finding, this.#now));
    }
  }

  #goOn(lease: Lease): void {
    const begun = lease.status?.beginTime === undefined ? begin(lease, this.#now) : lease;
    const expiry = expiryOf(begun);
    if (expiry <= this.#now) {
      this.#change("ended", lease, end(begun, "Expired", this.#now));
      return;
    }
    this.#wakeAt(expiry);
    const name = lease.status?.exporterRef?.name ?? "";
    const exporter = this.#lab.exporters.get(name);
    this.#holders.set(name, lease);
    const message = exporter === undefined
      ? `exporter ${name} is gone; release the lease`
      : isOnline(exporter)
      ? ACQUIRED
      : `exporter ${name} is offline; the lease keeps it until it ends`;
    const told = tell(begun, { type: "Ready", reason: "Ready", message }, this.#now);
    const recorded = record(told, exporter);
    const kind = begun !== lease ? "granted" : recorded !== told ? "recorded" : "told";
    this.#change(kind, lease, recorded);
  }

  #lineUp(lease: Lease): void {
    const now = this.#now;
    const { begin, end } = timesOf(lease.spec);
    const created = parseTime(lease.metadata.creationTimestamp ?? lease.spec.beginTime ?? EPOCH);
    const isYetToBegin = begin !== undefined && begin > now;
    if (isYetToBegin) {
      this.#change("told", lease, acknowledge(lease));
      this.#wakeAt(begin);
      this.#wakeAt(begin - this.#hold);
      if (begin - this.#hold > now) return;
    }
    const supply = this.#supplyOf(lease);
    if (supply.refusal !== undefined) {
      if (!isYetToBegin) {
        this.#change("refused", lease, refuse(lease, supply.refusal, now));
      }
      return;
    }
    const patient = Math.max(created, begin ?? 0) + this.#patience;
    this.#wakeAt(patient);
    const ends = endIfBegun(lease.spec, now);
    if (begin !== undefined || end !== undefined) this.#wakeAt(ends);
    const waiter: Waiter = {
      lease,
      candidates: supply.candidates,
      created,
      isOverdue: patient <= now,
      end: ends,
      ...isYetToBegin && { begins: begin },
    };
    this.#waiting.push({ waiter, supply });
  }

  /** Gives exporters to those in line, and tells the others why they wait. */
  serve(): void {
    const isFree = ({ exporter, isOnline, isReady }: Candidate) =>
      isOnline && isReady && !this.#holders.has(exporter.metadata.name);
    const { late = [], inTime = [] } = Object.groupBy(
      this.#waiting,
      ({ waiter }) => this.#isLate(waiter) ? "late" : "inTime",
    );
    for (const { waiter } of late) this.#endLate(waiter, waiter.candidates.find(isFree));
    const assignment = assign(inTime.map(({ waiter }) => waiter), isFree);
    for (const [{ lease }, candidate] of assignment.grants) {
      const after = grant(lease, candidate.exporter, candidate, this.#now);
      this.#holders.set(candidate.exporter.metadata.name, after);
      this.#wakeAt(expiryOf(after));
      this.#change("granted", lease, after);
    }
    this.#tellWhy(inTime.filter(({ waiter }) => !assignment.grants.has(waiter)), assignment);
  }

  /** Whether the time of a lease is over before it began. */
  #isLate({ end, begins }: Waiter): boolean {
    return begins === undefined && end <= this.#now;
  }

  /** Ends a lease whose time is over, with a note of the exporter that it would have had. */
  #endLate({ lease }: Waiter, candidate: Candidate | undefined): void {
    const begun = candidate === undefined
      ? lease
      : grant(lease, candidate.exporter, candidate, this.#now);
    this.#change("ended", lease, end(begun, "Expired", this.#now));
  }

  #tellWhy(
    waiting: readonly { readonly waiter: Waiter; readonly supply: Supply }[],
    { holds }: Assignment,
  ): void {
    const freeAt = ({ exporter, isOnline, isReady }: Candidate) => {
      const holder = this.#holders.get(exporter.metadata.name);
      if (!isOnline || (holder === undefined && !isReady)) return undefined;
      return holder === undefined ? 0 : expiryOf(holder);
    };
    const places = placesOf(waiting.map(({ waiter }) => waiter), freeAt, this.#now);
    const reasons = new Map<Supply, Finding>();
    for (const { waiter, supply } of waiting) {
      if (waiter.begins !== undefined) continue;
      const { lease } = waiter;
      const reason = reasons.get(supply) ?? reasonToWait(supply, this.#holders, holds);
      reasons.set(supply, reason);
      const message = supply.hasNoClient
        ? reason.message
        : formatPlace(places.get(waiter)!, reason.message);
      const after = record(tell(lease, { ...reason, message }, this.#now));
      this.#change("told", lease, after);
      const since = parseTime(conditionOf(after, "Pending")!.lastTransitionTime);
      this.recheck = Math.min(this.recheck, this.#now + retryDelay(this.#now - since));
    }
  }

  /** What there is for a lease; found once for all leases that ask for the same. */
  #supplyOf(lease: Lease): Supply {
    const { selector, exporterRef, allowDisabled, clientRef } = lease.spec;
    const { duration, beginTime, endTime } = lease.spec;
    const key = JSON.stringify([
      selector,
      exporterRef?.name,
      allowDisabled,
      ...this.#access.isOpen ? [] : [clientRef.name],
      ...this.#access.limitsDuration ? [duration, beginTime, endTime] : [],
    ]);
    const known = this.#supplies.get(key);
    if (known !== undefined) return known;
    const supply = findCandidates(lease, this.#lab, this.#access);
    this.#supplies.set(key, supply);
    return supply;
  }

  #change(kind: ChangeKind, before: Lease, after: Lease): void {
    if (after !== before) this.changes.push({ kind, before, after });
  }

  #wakeAt(time: number): void {
    if (time > this.#now) this.next = Math.min(this.next, time);
  }
}
