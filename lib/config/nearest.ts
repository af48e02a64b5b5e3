/**
 * The candidate that someone most likely meant by a word, or `undefined` when none is near.
 *
 * Near means few slips of the pen (a letter too many, missing, wrong, or two swapped) for the length
 * of the word; case does not count.
 *
 * ```ts
 * import { nearest } from "@jumpstarter/lib/config";
 *
 * console.log(nearest("tpye", ["type", "ref"])); // "type"
 * console.log(nearest("colour", ["type", "ref"])); // undefined
 * ```
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let limit = Math.min(3, word.length - 1, Math.max(1, Math.floor(word.length / 3)));
  let best: string | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const slips = distance(word.toLowerCase(), candidate.toLowerCase());
    if (slips > limit) continue;
    best = candidate;
    limit = slips - 1; // from here on, only a nearer one
  }
  return best;
}

/** Edit distance with swaps of neighbours ("optimal string alignment"), a row at a time. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        above[column]! + 1,
        current[column - 1]! + 1,
        above[column - 1]! + (isSame ? 0 : 1),
        isSwap ? before[column - 2]! + 1 : Infinity,
      );
    }
    [before, above] = [above, current];
  }
  return above[b.length]!;
}
