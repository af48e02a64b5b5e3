import assert from "node:assert/strict";
import { EscapeSequence } from "./escape_sequence.ts";

function feed(...chunks: string[]): [string, boolean][] {
  const sequence = new EscapeSequence();
  return chunks.map((chunk) => {
    const { forward, isLeaving } = sequence.feed(new TextEncoder().encode(chunk));
    return [new TextDecoder().decode(forward), isLeaving];
  });
}

Deno.test("the third Ctrl-B in a row leaves and is not passed on", () => {
  assert.deepEqual(feed("a\x02\x02\x02b"), [["a\x02\x02", true]]);
});

Deno.test("three Ctrl-B in separate chunks leave, and the first two are passed on at once [drivers 9.5]", () => {
  assert.deepEqual(feed("\x02", "\x02", "\x02"), [["\x02", false], ["\x02", false], ["", true]]);
});

Deno.test("another key between them starts the count again", () => {
  assert.deepEqual(feed("\x02\x02x\x02\x02", "y"), [["\x02\x02x\x02\x02", false], ["y", false]]);
});
