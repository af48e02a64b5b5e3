import assert from "node:assert/strict";
import { type DriverNode, positionOf } from "./driver_node.ts";
import { parseExporterFile } from "./exporter_file.ts";
import { formatPosition } from "./position.ts";

/** The nodes of an `export:` whose entries begin in line 3, indented by two. */
async function nodes(entries: string): Promise<ReadonlyMap<string, DriverNode>> {
  const text = `metadata: {namespace: lab, name: a}\nexport:\n${entries}`;
  return (await parseExporterFile("board.yaml", text)).export;
}

Deno.test("positionOf() finds a setting, or what is around one that is missing", async () => {
  const web = (await nodes(`  web:
    type: a.B
    config:
      host: localhost
      ports:
        - {name: http, port: 80}
        - {name: ssh, port: x}
`)).get("web")!;
  const place = (...keys: string[]) => {
    const at = positionOf(web, keys);
    return `${formatPosition(at)} ${at.path}`;
  };
  assert.equal(place(), "board.yaml:3 export.web");
  assert.equal(place("type"), "board.yaml:4 export.web.type");
  assert.equal(place("config", "host"), "board.yaml:6 export.web.config.host");
  assert.equal(
    place("config", "ports", "1", "port"),
    "board.yaml:9 export.web.config.ports.1.port",
  );
  assert.equal(place("config", "user"), "board.yaml:5 export.web.config.user");
  assert.equal(place("config", "host", "x"), "board.yaml:6 export.web.config.host.x");
});

Deno.test("positionOf() is the node's own position when it comes from no file", () => {
  const at = { file: "test", line: 0, path: "export.a" };
  const node: DriverNode = { kind: "proxy", ref: "b", at };
  assert.deepEqual(positionOf(node, ["ref"]), { ...at, path: "export.a.ref" });
});

Deno.test("anchors and merges give drivers a common part, with the lines it stands on", async () => {
  const found = await nodes(`  a: &a
    type: a.B
    config: {host: one}
  b:
    <<: *a
    description: the other
  c: *a
`);
  const [, b, c] = [...found.values()];
  assert.ok(b?.kind === "typed" && c?.kind === "typed");
  assert.deepEqual([b.type, b.description, b.config], ["a.B", "the other", { host: "one" }]);
  assert.deepEqual([c.type, c.at.line, c.at.path], ["a.B", 9, "export.c"]);
  assert.equal(positionOf(b, ["config", "host"]).line, 5);
});

Deno.test("type wins over children and ref, children over ref", async () => {
  const found = await nodes(
    "  a: {ref: x, type: a.B, children: {}}\n  b: {ref: x, children: {}}\n",
  );
  assert.deepEqual([...found.values()].map(({ kind }) => kind), ["typed", "group"]);
});

Deno.test("unquoted on, off, yes and no are names like others where a name stands", async () => {
  const found = await nodes("  on: {type: a.B, methods_description: {on: x, off: y, 1: z}}\n");
  const node = found.get("on");
  assert.ok(node?.kind === "typed");
  assert.deepEqual(node.methodsDescription, { on: "x", off: "y", 1: "z" });
});

const BARE = 'give it "type", "children" or "ref"';

/** Entries of `export:`, and the error. */
const faults: [string, string][] = [
  [
    "  power:\n    typ: x",
    'board.yaml:4: export.power has no "type"; it has "typ". Did you mean "type"?',
  ],
  [
    "  power:\n    type: x\n    confg: {a: 1}",
    'board.yaml:5: export.power has no "config"; it has "confg". Did you mean "config"?',
  ],
  [
    "  rack:\n    childern: {}",
    'board.yaml:4: export.rack has no "children"; it has "childern". Did you mean "children"?',
  ],
  [
    "  rack:\n    children:\n      a: {type: x}\n      b: {tpye: x}",
    'board.yaml:6: export.rack.children.b has no "type"; it has "tpye". Did you mean "type"?',
  ],
  [
    "  power:\n    driver: x",
    'board.yaml:4: export.power has no "type", "children" or "ref"; it has "driver"',
  ],
  [
    "  power:\n    config: {a: 1}\n    typ: x",
    'board.yaml:5: export.power has no "type"; it has "typ". Did you mean "type"?',
  ],
  ["  power:\n    config: {a: 1}", 'board.yaml:4: export.power has "config" but no "type"'],
  [
    "  rack:\n    children: {}\n    description: x",
    'board.yaml:5: export.rack has "description" but no "type"',
  ],
  ["  main: {ref: a, config: {}}", 'board.yaml:3: export.main has "config" but no "type"'],
  [
    "  power:\n    type: x\n    labels: {}",
    'board.yaml:5: export.power takes no "labels"; a typed node takes "type", "config", ' +
    '"children", "description", "methods_description"',
  ],
  ["  power:", `board.yaml:3: export.power is empty; ${BARE}`],
  ["  power: {}", `board.yaml:3: export.power is empty; ${BARE}`],
  ["  power: a.B", `board.yaml:3: export.power is text, not a map; ${BARE}`],
  ["  - type: a.B", "board.yaml:2: export is a list, not a map"],
  ["", "board.yaml:2: export is empty, not a map"],
  ["  power: {type: }", "board.yaml:3: export.power.type is empty; name a driver"],
  ["  power: {type: 1}", "board.yaml:3: export.power.type is a number, not text; put it in quotes"],
  ["  main: {ref: }", "board.yaml:3: export.main.ref is empty; name another node"],
  ["  rack:\n    children:", "board.yaml:4: export.rack.children is empty, not a map"],
  ["  power: {type: x, config: [a]}", "board.yaml:3: export.power.config is a list, not a map"],
  [
    "  power: {type: x, methods_description: {on: }}",
    "board.yaml:3: export.power.methods_description.on is empty",
  ],
  ...["description", "methods_description", "children"].map((key): [string, string] => [
    `  power:\n    type: x\n    config:\n      ${key}: {}`,
    `board.yaml:6: export.power.config.${key} belongs beside "type", not inside "config"`,
  ]),
];

for (const [text, message] of faults) {
  Deno.test(`a driver is refused: ${message}`, async () => {
    await assert.rejects(nodes(text), { name: "ConfigError", message });
  });
}
