import assert from "node:assert/strict";
import { mergePatch } from "./merge_patch.ts";

/** The examples of RFC 7386, appendix A: original, patch, result. */
const EXAMPLES: readonly [string, string, string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
];

Deno.test("mergePatch() does what RFC 7386 shows", () => {
  for (const [original, patch, result] of EXAMPLES) {
    const [from, change] = [JSON.parse(original), JSON.parse(patch)];
    assert.deepEqual(mergePatch(from, change), JSON.parse(result), `${original} + ${patch}`);
    assert.deepEqual([from, change], [JSON.parse(original), JSON.parse(patch)]);
  }
});

Deno.test("mergePatch() takes __proto__ for a member like any other", () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
  assert.equal(JSON.stringify(merged), '{"__proto__":{"polluted":true}}');
  assert.equal("polluted" in {}, false);
});
