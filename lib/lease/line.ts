import { compareTurns, type Waiter } from "./assignment.ts";
import type { Candidate } from "./candidates.ts";
import type { Place } from "./place.ts";
import { endIfBegun } from "./times.ts";

type Pool = readonly Candidate[];

/**
 * Says where everyone stands in line. A line are all those that wait for some of the same
 * exporters; those for whom an exporter is kept stand in it too.
 *
 * @param waiters those that were not served
 * @param freeAt when an exporter is free at the latest, in ms since 1970; `undefined` when nobody
 * can tell
 */
export function placesOf(
  waiters: readonly Waiter[],
  freeAt: (candidate: Candidate) => number | undefined,
  now: number,
): Map<Waiter, Place> {
  const turns = waiters
    .map((waiter) => ({ waiter, priority: waiter.candidates[0]?.priority ?? 0 }))
    .sort(compareTurns)
    .map(({ waiter }) => waiter);
  const expected = expectedTimes(turns, freeAt);
  const sharing = poolsThatShare(new Set(turns.map(({ candidates }) => candidates)));
  const sizes = countBy(turns);
  const seen = new Map<Pool, number>();
  return new Map(turns.map((waiter) => {
    const pool = waiter.candidates;
    seen.set(pool, (seen.get(pool) ?? 0) + 1);
    const by = expected.get(waiter);
    const place: Place = {
      turn: sum(sharing.get(pool)!, seen),
      of: sum(sharing.get(pool)!, sizes),
      ...by !== undefined && by > now && { by },
    };
    return [waiter, place];
  }));
}

/** When each is served if all before it use their whole time. */
function expectedTimes(
  turns: readonly Waiter[],
  freeAt: (candidate: Candidate) => number | undefined,
): Map<Waiter, number> {
  const { members, exporters } = numbered(new Set(turns.map(({ candidates }) => candidates)));
  const times = Float64Array.from(exporters, (candidate) => freeAt(candidate) ?? Infinity);
  const expected = new Map<Waiter, number>();
  for (const waiter of turns) {
    let best = -1;
    let soonest = Infinity;
    for (const number of members.get(waiter.candidates)!) {
      if (times[number]! >= soonest) continue;
      best = number;
      soonest = times[number]!;
    }
    if (best < 0) continue;
    const begin = Math.max(soonest, waiter.begins ?? 0);
    expected.set(waiter, begin);
    times[best] = Math.max(begin, endIfBegun(waiter.lease.spec, begin));
  }
  return expected;
}

/** Numbers the exporters of all pools, so that what is known of each is an element of an array. */
function numbered(pools: Iterable<Pool>): {
  members: Map<Pool, Int32Array>;
  exporters: Candidate[];
} {
  const numbers = new Map<string, number>();
  const exporters: Candidate[] = [];
  const numberOf = (candidate: Candidate) => {
    const { name } = candidate.exporter.metadata;
    const number = numbers.get(name) ?? exporters.push(candidate) - 1;
    numbers.set(name, number);
    return number;
  };
  const members = new Map(Array.from(pools, (pool) => [pool, Int32Array.from(pool, numberOf)]));
  return { members, exporters };
}

/** For each pool, those that have an exporter in common with it, itself among them. */
function poolsThatShare(pools: ReadonlySet<Pool>): Map<Pool, ReadonlySet<Pool>> {
  const owners = new Map<string, Pool[]>();
  for (const pool of pools) {
    for (const { exporter } of pool) {
      const known = owners.get(exporter.metadata.name);
      if (known === undefined) owners.set(exporter.metadata.name, [pool]);
      else known.push(pool);
    }
  }
  return new Map(Array.from(pools, (pool) => {
    const sharing = new Set([pool]);
    for (const { exporter } of pool) {
      if (sharing.size === pools.size) break;
      for (const other of owners.get(exporter.metadata.name)!) sharing.add(other);
    }
    return [pool, sharing];
  }));
}

function countBy(waiters: readonly Waiter[]): Map<Pool, number> {
  const counts = new Map<Pool, number>();
  for (const { candidates } of waiters) counts.set(candidates, (counts.get(candidates) ?? 0) + 1);
  return counts;
}

function sum(pools: ReadonlySet<Pool>, counts: ReadonlyMap<Pool, number>): number {
  let total = 0;
  for (const pool of pools) total += counts.get(pool) ?? 0;
  return total;
}
