import assert from "node:assert/strict";
import { generate, staleFiles } from "./generate.ts";

Deno.test("gen/ holds what the .proto files give", async () => {
  assert.deepEqual(await staleFiles(), []);
});

Deno.test("generated modules stay under 500 lines of 100 columns", async () => {
  for (const [name, text] of await generate()) {
    const lines = text.split("\n");
    assert.ok(lines.length < 500, `${name} has ${lines.length} lines`);
    assert.deepEqual(lines.filter((line) => line.length > 100), [], name);
  }
});
