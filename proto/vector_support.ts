import assert from "node:assert/strict";
import type { Codec, Init } from "./codec.ts";

/** Well-known identifiers and a time of the test vectors. */
export const D = "11111111-1111-4111-8111-111111111111";
export const P = "22222222-2222-4222-8222-222222222222";
export const X = "33333333-3333-4333-8333-333333333333";
export const T = 1_700_000_000;

/**
 * Declares tests, whose names end with the tag: a message has exactly these bytes, and the bytes
 * give back the message.
 */
export function vectors(tag: string) {
  return <T>(name: string, codec: Codec<T>, value: Init<T>, hex: string): void =>
    Deno.test(`${codec.typeName}: ${name} ${tag}`, () => {
      assert.equal(toHex(codec.encode(value)), hex);
      const decoded = codec.decode(toBytes(hex));
      assertHolds(decoded, value, codec.typeName);
      assert.equal(toHex(codec.encode(decoded as Init<T>)), hex);
    });
}

export function toBytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}

export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** Checks that `actual` holds what `expected` does, and defaults otherwise. */
function assertHolds(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected !== "object" || expected === null || expected instanceof Uint8Array) {
    assert.deepEqual(actual, expected, path);
    return;
  }
  const wanted = new Map(Object.entries(expected));
  for (const [name, value] of Object.entries(actual as object)) {
    if (wanted.has(name)) assertHolds(value, wanted.get(name), `${path}.${name}`);
    else assert.ok(isDefault(value), `${path}.${name} is not expected`);
    wanted.delete(name);
  }
  assert.deepEqual([...wanted.keys()], [], `${path} lacks fields`);
}

function isDefault(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.keys(value).length === 0 : !value;
}
