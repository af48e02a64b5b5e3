/** The arrows of a graph: every node with the nodes it points to. */
export type Arrows = ReadonlyMap<string, Iterable<string>>;

/**
 * Finds the circles of a directed graph: one for each group of nodes that reach each other (the
 * shortest way round from the group's first node). Every circle ends with the node it starts with.
 */
export function findCycles(arrows: Arrows): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const node of [...arrows.keys()].sort()) {
    if (done.has(node)) continue;
    const cycle = shortestWay(arrows, node, node);
    if (cycle === undefined) continue;
    cycles.push(cycle);
    for (const other of reachable(arrows, node)) {
      if (reachable(arrows, other).has(node)) done.add(other);
    }
  }
  return cycles;
}

function reachable(arrows: Arrows, start: string): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of arrows.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

function shortestWay(arrows: Arrows, start: string, goal: string): string[] | undefined {
  const seen = new Set<string>();
  let ways: string[][] = [[start]];
  while (ways.length > 0) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const next of arrows.get(way.at(-1) ?? start) ?? []) {
        if (next === goal) return [...way, next];
        if (seen.has(next)) continue;
        seen.add(next);
        longer.push([...way, next]);
      }
    }
    ways = longer;
  }
  return undefined;
}
