import assert from "node:assert/strict";
import { clientEntry, driverClass, driverTypes } from "./mod.ts";

Deno.test("every driver names a client that is there, and that Python knows [drivers 9.1.16]", async () => {
  for (const type of driverTypes()) {
    const { client } = (await driverClass(type))!;
    assert.match(client, /^jumpstarter(_driver_\w+)?\.(\w+\.)*\w+$/, type);
    if (client.endsWith(".CompositeClient")) continue; // its children have the commands
    const entry = await clientEntry(client);
    assert.ok(entry?.client.labels.includes(client), `${type}: ${client}`);
  }
});

Deno.test("the flashers of both labels are the same to us [drivers 9.1.7]", async () => {
  const ours = await clientEntry("jumpstarter_driver_opendal.client.FlasherClient");
  const core = await clientEntry("jumpstarter.client.flasher.FlasherClient");
  assert.ok(ours !== undefined && core !== undefined);
  assert.equal(core.client, ours.client);
  assert.equal(core.commands, ours.commands);
  assert.ok(core.client.labels.includes("jumpstarter.client.flasher.FlasherClient"));
});
