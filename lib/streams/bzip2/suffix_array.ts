/**
 * The starts of all suffixes of a text in lexical order, in linear time whatever the text is
 * (induced sorting, SA-IS). Symbols are 0 to `highest`.
 */
export function suffixArray(text: Uint8Array | Int32Array, highest: number): Int32Array {
  const size = text.length;
  if (size < 2) return new Int32Array(size);
  const sorter = new Sorter(text, highest);
  const { starts } = sorter;
  // Once to sort the pieces from one local minimum to the next, then with these in order.
  const pieces = sorter.induce(starts);
  if (starts.length === 0) return pieces;
  const sorted = pieces.filter((start) => sorter.numbers[start]! >= 0);
  const { names, highest: highestName } = sorter.nameOf(sorted);
  const order = suffixArray(names, highestName);
  return sorter.induce(order.map((index) => starts[index]!));
}

class Sorter {
  /** Where the text rises after it fell: the local minima, in the order of the text. */
  readonly starts: Int32Array;
  /** The number of the local minimum at a position; -1 where there is none. */
  readonly numbers: Int32Array;
  #text: Uint8Array | Int32Array;
  /** Whether the suffix at a position is smaller than the next one. */
  #rises: Uint8Array;
  /** Where the falling and the rising suffixes of each symbol begin. */
  #falling: Int32Array;
  #rising: Int32Array;

  constructor(text: Uint8Array | Int32Array, highest: number) {
    const size = text.length;
    this.#text = text;
    const rises = this.#rises = new Uint8Array(size);
    const falling = this.#falling = new Int32Array(highest + 2);
    const rising = this.#rising = new Int32Array(highest + 2);
    this.numbers = new Int32Array(size + 1).fill(-1);
    for (let i = size - 2; i >= 0; i--) {
      const here = text[i]!, next = text[i + 1]!;
      rises[i] = here === next ? rises[i + 1]! : here < next ? 1 : 0;
    }
    const starts: number[] = [];
    for (let i = 0; i < size; i++) {
      if (rises[i] === 0) rising[text[i]!]!++;
      else falling[text[i]! + 1]!++;
      if (i > 0 && rises[i] === 1 && rises[i - 1] === 0) {
        this.numbers[i] = starts.length;
        starts.push(i);
      }
    }
    for (let symbol = 0; symbol <= highest; symbol++) {
      rising[symbol]! += falling[symbol]!;
      falling[symbol + 1]! += rising[symbol]!;
    }
    this.starts = Int32Array.from(starts);
  }

  /** Sorts all suffixes by an order of the local minima. */
  induce(minima: Int32Array): Int32Array {
    const text = this.#text, rises = this.#rises;
    const size = text.length;
    const sorted = new Int32Array(size).fill(-1);
    let next = this.#rising.slice();
    for (const start of minima) sorted[next[text[start]!]!++] = start;
    next = this.#falling.slice();
    sorted[next[text[size - 1]!]!++] = size - 1;
    for (let i = 0; i < size; i++) {
      const before = sorted[i]! - 1;
      if (before >= 0 && rises[before] === 0) sorted[next[text[before]!]!++] = before;
    }
    next = this.#falling.slice();
    for (let i = size - 1; i >= 0; i--) {
      const before = sorted[i]! - 1;
      if (before >= 0 && rises[before] === 1) sorted[--next[text[before]! + 1]!] = before;
    }
    return sorted;
  }

  /** Numbers the sorted pieces from one local minimum to the next; equal ones alike. */
  nameOf(sorted: Int32Array): { names: Int32Array; highest: number } {
    const names = new Int32Array(sorted.length);
    let highest = 0;
    for (let i = 1; i < sorted.length; i++) {
      if (!this.#isSame(sorted[i - 1]!, sorted[i]!)) highest++;
      names[this.numbers[sorted[i]!]!] = highest;
    }
    return { names, highest };
  }

  #isSame(left: number, right: number): boolean {
    const text = this.#text;
    const leftEnd = this.#endOf(left), rightEnd = this.#endOf(right);
    if (leftEnd - left !== rightEnd - right) return false;
    while (left < leftEnd && text[left] === text[right]) {
      left++;
      right++;
    }
    return left < text.length && right < text.length && text[left] === text[right];
  }

  #endOf(start: number): number {
    return this.starts[this.numbers[start]! + 1] ?? this.#text.length;
  }
}
