import assert from "node:assert/strict";
import { GOAWAY, MessageEdges } from "./message_edges.ts";

/** A framed message of so many bytes. */
function message(size: number): Uint8Array {
  const framed = new Uint8Array(5 + size).fill(7);
  framed[0] = 0;
  new DataView(framed.buffer).setUint32(1, size);
  return framed;
}

Deno.test("MessageEdges finds the edges wherever the bytes are split", () => {
  const parts = [message(300), message(0), message(2), message(70_000), GOAWAY];
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  const edges = new Set([0]);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    edges.add(end += part.length);
  }
  for (const size of [1, 2, 3, 7, 64, 1_000, all.length]) {
    const followed = new MessageEdges();
    for (let at = 0; at < all.length; at += size) {
      assert.equal(followed.isAtEdge, edges.has(at), `at ${at} by ${size}`);
      assert.equal(followed.isEnded, false);
      followed.follow(all.subarray(at, at + size));
    }
    assert.equal(followed.isAtEdge, true);
    assert.equal(followed.isEnded, true);
  }
});

Deno.test("MessageEdges takes no other message for an end", () => {
  const edges = new MessageEdges();
  edges.follow(GOAWAY);
  for (const other of [message(0), message(2), message(9)]) {
    edges.follow(other);
    assert.equal(edges.isEnded, false);
  }
});
