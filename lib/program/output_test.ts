import assert from "node:assert/strict";
import type { CommandIo } from "../commands/mod.ts";
import { type OutputFormat, printOutput, table } from "./output.ts";

async function printed(format: OutputFormat | undefined, data: unknown): Promise<string[]> {
  const lines: string[] = [];
  const io = { print: (line: string) => Promise.resolve(void lines.push(line)) };
  await printOutput(io as CommandIo, format, {
    data: () => data,
    names: () => ["a", "b"],
    text: () => "text",
  });
  return lines;
}

Deno.test("table() lines up columns two spaces apart, and says when there is nothing", () => {
  const rows = [["a", "/long/path"], ["bench-07", "/p"]];
  assert.equal(
    table(["ALIAS", "PATH"], rows),
    "ALIAS     PATH\na         /long/path\nbench-07  /p",
  );
  assert.equal(table(["ALIAS", "PATH"], []), "No resources found.");
});

Deno.test("printOutput() prints json by 4 spaces, yaml by sorted keys, and a name a line", async () => {
  assert.deepEqual(await printed("json", { b: [1] }), [
    '{\n    "b": [\n        1\n    ]\n}',
  ]);
  assert.deepEqual(await printed("yaml", { b: [{ d: "on", c: null }], a: "1:30" }), [
    'a: "1:30"\nb:\n- c: null\n  d: "on"',
  ]);
  assert.deepEqual(await printed("name", {}), ["a", "b"]);
  assert.deepEqual(await printed(undefined, {}), ["text"]);
});
