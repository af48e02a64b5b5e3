import { codeLengths } from "./huffman.ts";
import type { Symbols } from "./symbols.ts";

/** So many symbols share a table. */
export const GROUP = 50;
const ROUNDS = 4;

/** The code tables of a block. */
export interface Tables {
  /** The code lengths by symbol, of two to six tables. */
  lengths: Uint8Array[];
  /** Which table each group of symbols is coded with. */
  choices: Uint8Array;
}

/** From so many symbols on, one table more pays. */
const worthwhile = [200, 600, 1200, 2400];

/** Finds tables by trying: each group takes the table that suits it, each table is fitted to its groups. */
export function fitTables({ codes, alphabet }: Symbols): Tables {
  const count = 2 + worthwhile.filter((size) => codes.length >= size).length;
  const choices = new Uint8Array(Math.ceil(codes.length / GROUP));
  let lengths = firstGuess(codes, alphabet, count);
  for (let round = 0; round < ROUNDS; round++) {
    const frequencies = lengths.map(() => new Uint32Array(alphabet));
    for (let group = 0; group < choices.length; group++) {
      const members = codes.subarray(group * GROUP, (group + 1) * GROUP);
      const choice = choices[group] = cheapest(members, lengths);
      const counts = frequencies[choice]!;
      for (const code of members) counts[code]!++;
    }
    lengths = frequencies.map(codeLengths);
  }
  return { lengths, choices };
}

/** Shares the symbols out so that each table begins with about as many occurrences. */
function firstGuess(codes: Uint16Array, alphabet: number, count: number): Uint8Array[] {
  const frequencies = new Uint32Array(alphabet);
  for (const code of codes) frequencies[code]!++;
  let seen = 0;
  const owner = frequencies.map((frequency) => {
    const table = Math.min(count - 1, Math.floor(seen * count / codes.length));
    seen += frequency;
    return table;
  });
  return Array.from(
    { length: count },
    (_, table) => Uint8Array.from(owner, (mine) => mine === table ? 0 : 15),
  );
}

function cheapest(members: Uint16Array, lengths: readonly Uint8Array[]): number {
  let best = 0;
  let least = Infinity;
  for (let table = 0; table < lengths.length; table++) {
    const costs = lengths[table]!;
    let cost = 0;
    for (const code of members) cost += costs[code]!;
    if (cost < least) {
      least = cost;
      best = table;
    }
  }
  return best;
}
