import assert from "node:assert/strict";
import { findCycles } from "./cycles.ts";

function arrows(...pairs: string[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [from = "", to = ""] of pairs) map.set(from, [...map.get(from) ?? [], to]);
  return map;
}

Deno.test("a graph that only points down has no circle", () => {
  assert.deepEqual(findCycles(arrows("ab", "ac", "bd", "cd")), []);
});

Deno.test("a circle is named once, by its shortest way round", () => {
  assert.deepEqual(findCycles(arrows("ab", "bc", "ca", "cd", "da", "xa")), [["a", "b", "c", "a"]]);
});

Deno.test("circles that do not touch are each named, and so is a node that points to itself", () => {
  assert.deepEqual(findCycles(arrows("ab", "ba", "bc", "cd", "dc", "ee")), [
    ["a", "b", "a"],
    ["c", "d", "c"],
    ["e", "e"],
  ]);
});
