import assert from "node:assert/strict";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, shape, text } from "./board.ts";

export const checks: Record<(typeof all)["composite"][number], Check> = {
  async "the tree has every entry in the order of the file, groups and proxies included"(bench) {
    assert.deepEqual([...bench.tree.children.keys()], Object.keys(shape));
    assert.deepEqual([...bench.tree.children.get("rack")!.children.keys()], ["spare"]);
    await Promise.resolve();
  },
  async "labels and descriptions come through"({ power, tree }) {
    assert.equal(power.node.description, "Main rail");
    assert.equal(power.node.labels.rail, "12v");
    assert.equal(power.node.labels["jumpstarter.dev/name"], "power");
    const composite = "jumpstarter_driver_composite.client.CompositeClient";
    assert.equal(tree.labels["jumpstarter.dev/client"], composite);
    assert.equal(tree.children.get("rack")?.labels["jumpstarter.dev/client"], composite);
    await Promise.resolve();
  },
  async "a proxy is the driver it names, and a proxy of a group has all of it"(bench) {
    const { alias, rack, twin, tree: { children } } = bench;
    assert.equal(alias.node.uuid, rack.spare.node.uuid);
    assert.equal(children.get("twin")?.uuid, children.get("rack")?.uuid);
    assert.equal(twin.spare.node.uuid, rack.spare.node.uuid);
    for (const supply of [alias, rack.spare, twin.spare]) {
      await supply.on();
      await supply.off();
    }
  },
  async "what is written through a proxy is read through the driver"({ mirror, files }) {
    await mirror.writeBytes("seen", bytes("through the mirror"));
    assert.equal(text(await files.readBytes("seen")), "through the mirror");
  },
};
