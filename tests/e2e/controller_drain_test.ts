/** A controller that is told to end lets the tunnels of its own router go on for a while. */
import assert from "node:assert/strict";
import { openTunnel } from "@jumpstarter/lib/tunnel";
import { ControllerProcess } from "../support/controller.ts";
import { carries, Leased } from "../support/leased.ts";
import { within } from "../support/running.ts";

const SOON = 20_000;

/** A tunnel that carries, and a controller that was told to end. */
async function draining(controller: ControllerProcess, leased: Leased) {
  const ticket = await leased.dial();
  const tls = { ca: controller.ca };
  const [near, far] = [openTunnel(ticket, { tls }), openTunnel(ticket, { tls })];
  await carries(near, far);
  controller.running.kill("SIGTERM");
  await controller.running.shown(/tunnels go on for a while/);
  await carries(far, near);
  return {
    near,
    async [Symbol.asyncDispose]() {
      for (const end of [near, far]) await end[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a controller that drains serves meanwhile, and ends with the last tunnel", async () => {
  await using controller = await ControllerProcess.start("--drain", "60");
  using leased = await Leased.open(controller);
  await using tunnel = await draining(controller, leased);
  await leased.release();
  assert.equal(await within(SOON, tunnel.near.read()), null);
  assert.equal((await within(SOON, controller.running.finished)).status, 0);
});

Deno.test("a second signal ends a controller that drains", async () => {
  await using controller = await ControllerProcess.start("--drain", "60");
  using leased = await Leased.open(controller);
  await using _tunnel = await draining(controller, leased);
  controller.running.kill("SIGTERM");
  assert.equal((await within(SOON, controller.running.finished)).status, 0);
});
