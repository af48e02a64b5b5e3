import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { exportedMethods } from "@jumpstarter/lib/driver";
import { PowerClient } from "../power/mod.ts";
import { Composite, CompositeClient } from "./mod.ts";

Deno.test("a composite exports nothing, and its children are reached through it", async () => {
  assert.equal(exportedMethods(Composite).size, 0);
  await using board = await serve({
    rack: {
      type: "jumpstarter_driver_composite.driver.Composite",
      config: { whatever: true },
      children: { power: { type: "jumpstarter_driver_power.driver.MockPower" } },
    },
  }, { rack: CompositeClient });
  const node = board.rack.node.children.get("power");
  assert.ok(node);
  await new PowerClient(node).on();
});
