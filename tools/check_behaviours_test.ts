import assert from "node:assert/strict";
import { checkBehaviours, numbersOf, tagsOf } from "./check_behaviours.ts";

const lists = {
  exporter: { numbers: "1-3", without: { "3": "not yet" }, different: { "1": "ours is better" } },
  wire: { numbers: "1-2, 10.1-10.2", without: {}, different: {} },
};

const sound = [
  'Deno.test("it logs [exporter 1, 2]", run);',
  "Deno.test(`it sends ${what} [wire 1, 2, 10.1]`, run);",
  'const vector = vectors("[wire 10.2]");',
];

function faultsOf(...lines: string[]): string[] {
  return checkBehaviours(lists, new Map([["a_test.ts", lines.join("\n")]]));
}

Deno.test("numbersOf() counts from the first of a range to its last", () => {
  assert.deepEqual(numbersOf("1-3, 7, 10.9-10.11, 9.1.1-9.1.2"), [
    ..."1 2 3 7".split(" "),
    ..."10.9 10.10 10.11".split(" "),
    ..."9.1.1 9.1.2".split(" "),
  ]);
});

Deno.test("tagsOf() takes what ends a text, and carries the name of the list on", () => {
  assert.deepEqual(tagsOf('"a [exporter 14, wire 1, 2]"'), ["exporter 14", "wire 1", "wire 2"]);
  assert.deepEqual(tagsOf("// as [exporter 14] says\nconst list = [wire 1];"), []);
});

Deno.test("a suite that has every number but those that are said to be missing has no faults", () => {
  assert.deepEqual(faultsOf(...sound), []);
});

Deno.test("a number that has lost its test is named", () => {
  assert.deepEqual(faultsOf(sound[0]!, sound[1]!), [
    "tools/check_behaviours.ts: wire 10.2 has no test",
  ]);
});

Deno.test("a number that is in no list is named, with its place", () => {
  assert.deepEqual(faultsOf(...sound, '"x [exporter 4]"', '"y [exporter x]"'), [
    "a_test.ts: exporter 4 is in no list",
    "a_test.ts: exporter x is in no list",
  ]);
});

Deno.test("a test for what is said to have none is named", () => {
  assert.deepEqual(faultsOf(...sound, '"x [exporter 3]"'), [
    "a_test.ts: exporter 3 has a test; say no more that it has none",
  ]);
});

Deno.test("what is said to differ needs a test that shows it", () => {
  assert.deepEqual(faultsOf('"it logs [exporter 2]"', sound[1]!, sound[2]!), [
    "tools/check_behaviours.ts: exporter 1 has no test",
    "tools/check_behaviours.ts: exporter 1 is said to differ, yet has no test",
  ]);
});
