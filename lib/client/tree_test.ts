import assert from "node:assert/strict";
import { DriverInstanceReport } from "@jumpstarter/proto";
import type { ClientNode, DriverConnection } from "../driver/client.ts";
import { buildTree } from "./tree.ts";

/** No call is made here: the tree is built from the report alone. */
const connection = {} as DriverConnection;

function report(uuid: string, parentUuid?: string, name?: string): DriverInstanceReport {
  return DriverInstanceReport.decode(DriverInstanceReport.encode({
    uuid,
    ...(parentUuid === undefined ? {} : { parentUuid }),
    labels: name === undefined ? {} : { "jumpstarter.dev/name": name },
  }));
}

function shapeOf(node: ClientNode): unknown {
  return Object.fromEntries([...node.children].map(([name, child]) => [name, shapeOf(child)]));
}

Deno.test("buildTree() keeps the order of children and the names they have [client 105]", () => {
  const tree = buildTree(connection, [
    report("root"),
    report("b", "root", "bravo"),
    report("c", "b", "charlie"),
    report("a", "root", "alfa"),
  ]);
  assert.deepEqual(shapeOf(tree), { bravo: { charlie: {} }, alfa: {} });
  assert.deepEqual([...tree.children.keys()], ["bravo", "alfa"]);
});

Deno.test("buildTree() gives a driver that is listed twice two places, each with its own children [drivers 9.1.11]", () => {
  const tree = buildTree(connection, [
    report("root"),
    report("group", "root", "first"),
    report("leaf", "group", "leaf"),
    report("group", "root", "second"),
    report("leaf", "group", "leaf"),
  ]);
  assert.deepEqual(shapeOf(tree), { first: { leaf: {} }, second: { leaf: {} } });
});

/** A report that is no tree, and why. */
const refused: [DriverInstanceReport[], RegExp][] = [
  [[], /no root/],
  [[report("a"), report("b")], /two root/],
  [[report("root"), report("a", "nobody", "alfa")], /"alfa" before its parent/],
];

for (const [reports, reason] of refused) {
  Deno.test(`buildTree() refuses a report: ${reason.source}`, () => {
    assert.throws(() => buildTree(connection, reports), { code: "connection", message: reason });
  });
}
