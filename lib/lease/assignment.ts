import type { Candidate } from "./candidates.ts";
import type { Lease } from "./objects.ts";
import { compareText } from "./selector_text.ts";

/** A lease that wants an exporter: at once, or, when its begin nears, at that time. */
export interface Waiter {
  /** The lease. */
  readonly lease: Lease;
  /** The exporters that it may have, best first. */
  readonly candidates: readonly Candidate[];
  /** When it was created, in ms since 1970. */
  readonly created: number;
  /** Whether it has waited so long that priorities no longer count against it. */
  readonly isOverdue: boolean;
  /** When it would end, were it served now, in ms since 1970. */
  readonly end: number;
  /** When it begins, in ms since 1970, if that is yet to come. */
  readonly begins?: number;
}

/** Who gets what, and what is kept for whom. */
export interface Assignment {
  /** The exporters given away. */
  readonly grants: ReadonlyMap<Waiter, Candidate>;
  /** The exporters kept for leases that begin soon, by name. */
  readonly holds: ReadonlyMap<string, Waiter>;
}

/** A waiter's wish for those of its candidates that it has the same priority for. */
interface Bid {
  readonly waiter: Waiter;
  readonly priority: number;
  readonly candidates: readonly Candidate[];
}

/**
 * Gives the exporters that are free to those that wait: who is overdue first, then by priority, age
 * and name. A lease that begins soon keeps an exporter in its turn: who comes later gets that one
 * only for the time until then, or when another is left to be kept.
 */
export function assign(
  waiters: readonly Waiter[],
  isFree: (candidate: Candidate) => boolean,
): Assignment {
  const grants = new Map<Waiter, Candidate>();
  const holds = new Map<string, Waiter>();
  const given = new Set<string>();
  const served = new Set<Waiter>();

  const nameOf = ({ exporter }: Candidate) => exporter.metadata.name;
  const keep = (waiter: Waiter, candidates: readonly Candidate[]) => {
    const kept = candidates.map(nameOf).find((name) => !given.has(name) && !holds.has(name));
    if (kept !== undefined) holds.set(kept, waiter);
    return kept !== undefined;
  };
  const slices = new Map<readonly Candidate[], readonly Omit<Bid, "waiter">[]>();
  for (const { candidates } of waiters) {
    if (!slices.has(candidates)) slices.set(candidates, slicesOf(candidates, isFree));
  }
  const bids = waiters
    .flatMap((waiter) => slices.get(waiter.candidates)!.map((slice) => ({ waiter, ...slice })))
    .sort(compareBids);
  for (const [turn, bid] of bids.entries()) {
    const { waiter, candidates } = bid;
    if (served.has(waiter)) continue;
    if (waiter.begins !== undefined) {
      if (keep(waiter, candidates)) served.add(waiter);
      continue;
    }
    /** Whether an exporter is not kept for another, or not for the time asked for, or no longer. */
    const isLeft = (name: string) => {
      const holder = holds.get(name);
      if (holder === undefined || waiter.end <= (holder.begins ?? 0)) return true;
      const others = bids.slice(0, turn).filter((earlier) => earlier.waiter === holder);
      return others.some((earlier) => keep(holder, earlier.candidates));
    };
    const taken = candidates.find((one) => !given.has(nameOf(one)) && isLeft(nameOf(one)));
    if (taken === undefined) continue;
    given.add(nameOf(taken));
    served.add(waiter);
    grants.set(waiter, taken);
  }
  return { grants, holds };
}

/** Orders those that wait: who is overdue, then the priority, then the age, then the name. */
export function compareTurns(
  a: { readonly waiter: Waiter; readonly priority: number },
  b: { readonly waiter: Waiter; readonly priority: number },
): number {
  return Number(b.waiter.isOverdue) - Number(a.waiter.isOverdue) ||
    (a.waiter.isOverdue ? 0 : b.priority - a.priority) ||
    a.waiter.created - b.waiter.created ||
    compareText(a.waiter.lease.metadata.name, b.waiter.lease.metadata.name);
}

/** The same order; what one waiter bids keeps its own order. */
function compareBids(a: Bid, b: Bid): number {
  return compareTurns(a, b) || b.priority - a.priority;
}

/** The candidates that are free, by priority; many waiters have the same candidates. */
function slicesOf(
  candidates: readonly Candidate[],
  isFree: (candidate: Candidate) => boolean,
): Omit<Bid, "waiter">[] {
  const slices: { priority: number; candidates: Candidate[] }[] = [];
  for (const candidate of candidates) {
    if (!isFree(candidate)) continue;
    const last = slices.at(-1);
    if (last?.priority === candidate.priority) last.candidates.push(candidate);
    else slices.push({ priority: candidate.priority, candidates: [candidate] });
  }
  return slices;
}
