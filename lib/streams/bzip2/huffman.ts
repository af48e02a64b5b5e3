/** The longest code that every reader takes. */
const LONGEST = 17;

/** The lengths of a prefix code that is short for what is frequent; every symbol gets one. */
export function codeLengths(frequencies: Uint32Array): Uint8Array {
  let weights = frequencies.map((frequency) => Math.max(frequency, 1));
  for (;;) {
    const lengths = unlimited(weights);
    if (lengths.every((length) => length <= LONGEST)) return lengths;
    weights = weights.map((weight) => 1 + (weight >> 1));
  }
}

/** Joins the two lightest until one tree is left: leaves and trees wait in rising order, each in their own queue. */
function unlimited(weights: Uint32Array): Uint8Array {
  const count = weights.length;
  const leaves = Uint16Array.from(weights.keys()).sort((a, b) => weights[a]! - weights[b]!);
  const weight = new Float64Array(2 * count - 1);
  weight.set(weights);
  const parent = new Uint16Array(2 * count - 1);
  let leaf = 0;
  let tree = count;
  for (let joined = count; joined < 2 * count - 1; joined++) {
    for (let side = 0; side < 2; side++) {
      const isLeaf = leaf < count &&
        (tree === joined || weight[leaves[leaf]!]! <= weight[tree]!);
      const lightest = isLeaf ? leaves[leaf++]! : tree++;
      parent[lightest] = joined;
      weight[joined]! += weight[lightest]!;
    }
  }
  const depth = new Uint8Array(2 * count - 1);
  for (let node = 2 * count - 3; node >= 0; node--) depth[node] = depth[parent[node]!]! + 1;
  return depth.subarray(0, count);
}

/** The codes of these lengths: shorter ones first, and symbols in order. */
export function codesOf(lengths: Uint8Array): Uint32Array {
  const codes = new Uint32Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= LONGEST; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = code++;
    }
    code <<= 1;
  }
  return codes;
}
