import { BitWriter } from "./bit_writer.ts";
import { Block } from "./block.ts";
import { codesOf } from "./huffman.ts";
import { toSymbols } from "./symbols.ts";
import { fitTables, GROUP, type Tables } from "./tables.ts";

/**
 * Hundreds of thousands of bytes a block. Larger ones pack better; this one is sorted in less time
 * than people notice, and nothing else runs meanwhile.
 */
const LEVEL = 2;
const BLOCK_MAGIC = 0x3141_5926_5359;
const END_MAGIC = 0x1772_4538_5090;

/** Packs bytes as one bzip2 stream, block by block: what is read is not kept. */
export async function* bzip2(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out = new BitWriter();
  for (const char of `BZh${LEVEL}`) out.write(char.charCodeAt(0), 8);
  const block = new Block(LEVEL * 100_000);
  let checksum = 0;
  const pack = () => {
    checksum = ((checksum << 1) | (checksum >>> 31)) ^ block.crc;
    writeBlock(out, block);
    return out.take();
  };
  for await (const chunk of plain) {
    for (let start = 0; start < chunk.length;) {
      start = block.fill(chunk, start);
      if (block.isFull) yield pack();
    }
  }
  if (!block.isEmpty) yield pack();
  out.writeBytes(END_MAGIC, 6);
  out.writeBytes(checksum >>> 0, 4);
  yield out.finish();
}

function writeBlock(out: BitWriter, block: Block): void {
  out.writeBytes(BLOCK_MAGIC, 6);
  out.writeBytes(block.crc, 4);
  const { column, row } = block.transform();
  out.write(0, 1); // not randomised: a feature nobody uses any more
  out.write(row, 24);
  const symbols = toSymbols(column);
  const tables = fitTables(symbols);
  writeUsed(out, symbols.used);
  writeTables(out, tables);
  const codes = tables.lengths.map(codesOf);
  symbols.codes.forEach((symbol, index) => {
    const table = tables.choices[Math.floor(index / GROUP)]!;
    out.write(codes[table]![symbol]!, tables.lengths[table]![symbol]!);
  });
}

/** Which bytes occur: a bit for each sixteen, then a bit for each byte of those that have any. */
function writeUsed(out: BitWriter, used: Uint8Array): void {
  const rows = new Uint16Array(16);
  for (const byte of used) rows[byte >> 4]! |= 0x8000 >> (byte & 15);
  for (const row of rows) out.write(row === 0 ? 0 : 1, 1);
  for (const row of rows) if (row !== 0) out.write(row, 16);
}

function writeTables(out: BitWriter, { lengths, choices }: Tables): void {
  out.write(lengths.length, 3);
  out.write(choices.length, 15);
  const recent = [...lengths.keys()];
  for (const choice of choices) {
    const place = recent.indexOf(choice);
    recent.splice(place, 1);
    recent.unshift(choice);
    out.write((1 << (place + 1)) - 2, place + 1); // so many ones, and a zero
  }
  for (const table of lengths) {
    let current = table[0]!;
    out.write(current, 5);
    for (const length of table) {
      for (; current < length; current++) out.write(0b10, 2);
      for (; current > length; current--) out.write(0b11, 2);
      out.write(0, 1);
    }
  }
}
