import assert from "node:assert/strict";
import { ExporterIndex } from "./exporter_index.ts";
import type { Exporter } from "./objects.ts";
import { parseSelector } from "./selector_parser.ts";

function exporter(name: string, labels: Record<string, string>): Exporter {
  return { apiVersion: "", kind: "Exporter", metadata: { name, labels }, spec: {} };
}

Deno.test("an index finds exporters by their labels as they are now", () => {
  const index = new ExporterIndex([
    exporter("e1", { board: "a", rack: "1" }),
    exporter("e2", { board: "a", rack: "2" }),
    exporter("e3", {}),
  ]);
  const names = (selector: string) =>
    index.matching(parseSelector(selector)).map(({ metadata }) => metadata.name);
  assert.deepEqual(names("board=a"), ["e1", "e2"]);
  assert.deepEqual(names("board=a,rack!=1"), ["e2"]);
  assert.deepEqual(names("board=a,rack=9"), []);
  assert.deepEqual(names("!board"), ["e3"]);
  assert.deepEqual(names(""), ["e1", "e2", "e3"]);

  index.set(exporter("e1", { board: "b" }));
  assert.deepEqual(names("board=a"), ["e2"]);
  assert.deepEqual(names("board=b"), ["e1"]);
  index.delete("e1");
  index.delete("e9");
  assert.deepEqual(names("board=b"), []);
  assert.equal(index.size, 2);
  assert.equal(index.get("e1"), undefined);
});
