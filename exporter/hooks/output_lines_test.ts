import assert from "node:assert/strict";
import { OutputLines } from "./output_lines.ts";

function linesOf(...pieces: (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  for (const piece of pieces) {
    output.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
  }
  output.end();
  return lines;
}

Deno.test("lines lose white space at their end, blank lines are dropped, the last needs no end", () => {
  assert.deepEqual(linesOf("a\r\n\n  b\t \n \r\nlast"), ["a", "  b", "last"]);
});

Deno.test("escape sequences and carriage returns inside a line stay", () => {
  assert.deepEqual(linesOf("\x1b[31mred\x1b[0m\n10%\r20%\n"), ["\x1b[31mred\x1b[0m", "10%\r20%"]);
});

Deno.test("a character that comes in two pieces is whole, and what is not UTF-8 is replaced", () => {
  const euro = new TextEncoder().encode("€\n");
  assert.deepEqual(linesOf(euro.subarray(0, 1), euro.subarray(1)), ["€"]);
  assert.deepEqual(linesOf(Uint8Array.of(0x61, 0xff, 0x62)), ["a\ufffdb"]);
});

Deno.test("a line comes when it ends, not before", () => {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  output.push(new TextEncoder().encode("one\ntw"));
  assert.deepEqual(lines, ["one"]);
  output.push(new TextEncoder().encode("o\n"));
  assert.deepEqual(lines, ["one", "two"]);
});

Deno.test("output without any line end is handed on in large pieces", () => {
  const pieces = Array.from({ length: 40 }, () => "x".repeat(4096));
  assert.deepEqual(linesOf(...pieces).map((line) => line.length), [65_536, 65_536, 32_768]);
});
