import assert from "node:assert/strict";
import { Driver, DriverClient, exported } from "@jumpstarter/lib/driver";
import * as v from "valibot";
import { serve } from "./testing.ts";

const FanConfig = v.object({ maximum: v.optional(v.number(), 1200) });

class Fan extends Driver<typeof FanConfig> {
  static override readonly client = "acme.FanClient";
  static override readonly config = FanConfig;

  @exported
  maximum() {
    return this.config.maximum;
  }
}

class Plain extends Driver {
  static override readonly client = "acme.PlainClient";

  @exported
  names() {
    return [...this.children.keys()];
  }
}

class Nameless extends Driver {}

Deno.test("serve() takes a driver's class alone, with settings, and below others", async () => {
  await using board = await serve({
    plain: { driver: Plain, children: { left: Fan, right: { driver: Fan } } },
    fan: { driver: Fan, config: { maximum: 900 } },
    other: { ref: "plain.left" },
  }, { fan: DriverClient, plain: DriverClient, other: DriverClient });
  assert.equal(await board.fan.call("maximum"), 900);
  assert.deepEqual(await board.plain.call("names"), ["left", "right"]);
  assert.equal(await board.other.call("maximum"), 1200);
});

Deno.test("serve() checks the settings of a driver's class by its schema", async () => {
  const served = serve({ fan: { driver: Fan, config: { maximum: "much" } } });
  await assert.rejects(served, { code: "config", message: /export\.fan\.config\.maximum/ });
  await assert.rejects(serve({ plain: { driver: Plain, config: { speed: 1 } } }), {
    message: /Plain takes no settings/,
  });
});

Deno.test("serve() refuses a class that names no client", async () => {
  await assert.rejects(serve({ fan: Nameless }), { code: "usage", message: /Nameless has no/ });
});
