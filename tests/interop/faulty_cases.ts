/** Tests that have to fail, beside one that passes; for the shell of the peer. */
import assert from "node:assert/strict";
import { boardTest } from "@jumpstarter/exporter/testing";
import { PowerClient, ShellClient } from "@jumpstarter/drivers/clients";

boardTest("what holds passes", { shape: { power: PowerClient } }, async ({ power }) => {
  await power.on();
});

boardTest("what does not hold fails", { shape: { power: PowerClient } }, async ({ power }) => {
  assert.deepEqual(await Array.fromAsync(power.read()), []);
});

boardTest("a call that the exporter refuses fails", {
  shape: { power: PowerClient },
}, async ({ power }) => {
  await power.rescue();
});

boardTest(
  "a driver of another kind fails",
  { shape: { power: ShellClient } },
  async ({ power }) => {
    await power.run("on");
  },
);
