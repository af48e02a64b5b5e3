/** The symbols that a block is coded in. */
export interface Symbols {
  /** Which bytes the block has, in rising order. */
  used: Uint8Array;
  /** Two symbols for runs of the front byte, one for each other place, one for the end. */
  codes: Uint16Array;
  /** How many symbols there are. */
  alphabet: number;
}

/** Replaces each byte by its place in a list that is kept by recent use; runs of the first place are counted. */
export function toSymbols(column: Uint8Array): Symbols {
  const isUsed = new Uint8Array(256);
  for (const byte of column) isUsed[byte] = 1;
  const used = Uint8Array.from(isUsed.keys()).filter((byte) => isUsed[byte] === 1);
  const list = used.slice();
  const codes = new Uint16Array(column.length + 1);
  let length = 0;
  let run = 0;
  const endRun = () => {
    // The count in digits of one and two, the lowest first.
    for (; run > 0; run = (run - 1) >> 1) codes[length++] = (run & 1) === 1 ? 0 : 1;
  };
  for (const byte of column) {
    if (list[0] === byte) {
      run++;
      continue;
    }
    endRun();
    let place = 1;
    while (list[place] !== byte) place++;
    list.copyWithin(1, 0, place);
    list[0] = byte;
    codes[length++] = place + 1;
  }
  endRun();
  codes[length++] = used.length + 1;
  return { used, codes: codes.subarray(0, length), alphabet: used.length + 2 };
}
