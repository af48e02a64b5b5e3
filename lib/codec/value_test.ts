import assert from "node:assert/strict";
import { Value } from "@jumpstarter/proto";
import { fromValue, type Json, toValue } from "./value.ts";

const hex = (bytes: Uint8Array) => Uint8Array.from(bytes).toHex();

// The wire format's own vectors.
const vectors: [string, unknown, string, Json?][] = [
  ["null", null, "0800"],
  ["undefined, as null", undefined, "0800", null],
  ["true", true, "2001"],
  ["false", false, "2000"],
  ["0", 0, "110000000000000000"],
  ["1", 1, "11000000000000f03f"],
  ["-1", -1, "11000000000000f0bf"],
  ["1.5", 1.5, "11000000000000f83f"],
  ["0.1", 0.1, "119a9999999999b93f"],
  ["NaN, as null", NaN, "0800", null],
  ["a bigint, as the nearest number", 2n ** 53n + 1n, "110000000000004043", 2 ** 53],
  ["an empty text", "", "1a00"],
  ["a text", "on", "1a026f6e"],
  ["a text beyond ASCII", "é", "1a02c3a9"],
  ["an empty list", [], "3200"],
  ["an empty struct", {}, "2a00"],
  ["nested empties", [[], {}], "32080a0232000a022a00"],
  ["null in a struct", { a: null }, "2a090a070a016112020800"],
];

for (const [name, value, bytes, decoded = value as Json] of vectors) {
  Deno.test(`toValue() and fromValue() carry ${name} [wire 10.3]`, () => {
    assert.equal(hex(Value.encode(toValue(value))), bytes);
    assert.deepEqual(fromValue(Value.decode(Uint8Array.fromHex(bytes))), decoded);
  });
}

Deno.test("toValue() writes dates, sets and maps as JSON would have them", () => {
  const date = new Date("2024-01-02T03:04:05.000Z");
  const map = new Map<unknown, unknown>([[1, new Set(["x"])]]);
  const carried = (value: unknown) => fromValue(toValue(value));
  assert.equal(carried(date), "2024-01-02T03:04:05.000Z");
  assert.deepEqual(carried(map), { 1: ["x"] });
});

Deno.test("toValue() refuses bytes, functions, lone surrogates and circles [drivers 9.1.12]", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  assert.throws(() => toValue(new Uint8Array(1)), /cannot carry bytes/);
  assert.throws(() => toValue(() => {}), /cannot carry a function/);
  assert.throws(() => toValue("\ud800"), /lone surrogate/);
  assert.throws(() => toValue(circle), /nested too deep/);
});

Deno.test("fromValue() takes a value of no kind, and none at all, for null", () => {
  assert.equal(fromValue({}), null);
  assert.equal(fromValue(undefined), null);
});

Deno.test("fromValue() refuses NaN and keeps a key named __proto__ as data", () => {
  assert.throws(() => fromValue({ numberValue: NaN }), /NaN/);
  const fields = Object.create(null);
  fields["__proto__"] = { stringValue: "data" };
  const object = fromValue({ structValue: { fields } }) as Record<string, Json>;
  assert.equal(Object.getPrototypeOf(object), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(object, "__proto__")?.value, "data");
});
