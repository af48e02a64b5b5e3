import { Ajv } from "ajv";
import assert from "node:assert/strict";
import { exporterRecord } from "@jumpstarter/lib/config";
import { parse } from "yaml";
import { exporterSchema, SCHEMA_FILE } from "./exporter_schema.ts";

const HEAD = "metadata: {name: a, namespace: b}\n";
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(exporterSchema());

function accepts(text: string): boolean {
  return validate(parse(text));
}

Deno.test("docs/exporter.schema.json is what the tool makes: deno run -A tools/exporter_schema.ts", async () => {
  assert.deepEqual(JSON.parse(await Deno.readTextFile(SCHEMA_FILE)), exporterSchema());
});

Deno.test("the schema has the sections of a file that jmp writes, in their order", () => {
  const record = exporterRecord({ name: "a" });
  const { properties } = exporterSchema() as { properties: Record<string, unknown> };
  assert.deepEqual(Object.keys(properties), Object.keys(record));
  assert.ok(validate(record), JSON.stringify(validate.errors));
});

Deno.test("the schema accepts the example board", async () => {
  const text = await Deno.readTextFile(new URL("../examples/board.yaml", import.meta.url));
  assert.ok(accepts(text), JSON.stringify(validate.errors));
});

/** What follows the metadata, and whether it is a file that jmp takes. */
const files: [string, boolean][] = [
  ["export: {main: {type: a.B, config: {x: 1}, children: {inner: {ref: main}}}}", true],
  ["export: {rack: {children: {}}}", true],
  ['hooks: {before_lease: {script: x, timeout: "15", onFailure: endLease}}', true],
  ["hooks: {afterLease: null}", true],
  ["grpcOptions: {a: 1, b: text}", true],
  ["export: {main: {typ: a.B}}", false],
  ["export: {main: {}}", false],
  ["export: null", false],
  ["hooks: {beforeLease: {script: x, onFailure: endlease}}", false],
  ["hooks: {beforeLease: {timeout: 1}}", false],
  ["hooks: {beforeLease: {script: x, timeout: 1.5}}", false],
  ["kind: ClientConfig", false],
  ["endpiont: ctl:443", false],
];

for (const [text, isValid] of files) {
  Deno.test(`the schema ${isValid ? "accepts" : "refuses"} ${text}`, () => {
    assert.equal(accepts(HEAD + text), isValid, JSON.stringify(validate.errors));
  });
}
