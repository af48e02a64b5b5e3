import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { serve } from "@jumpstarter/exporter/testing";
import type { ClientNode, LogRecord } from "@jumpstarter/lib/driver";
import type { Json } from "@jumpstarter/lib/codec";
import { testIo } from "../../tests/support/command_io.ts";
import { commands } from "./commands.ts";
import { MockPower, PowerClient } from "./mod.ts";

const type = "jumpstarter_driver_power.driver.MockPower";

function board() {
  return serve({ power: { type, config: { ignored: 1 } } }, { power: PowerClient });
}

Deno.test("MockPower logs what it is told", () => {
  const records: LogRecord[] = [];
  const power = new MockPower({
    name: "power",
    config: {},
    children: new Map(),
    host: {
      log: (record) => records.push(record),
      openResource: () => Promise.reject(new Error("no resources here")),
    },
  });
  power.on();
  power.off();
  assert.deepEqual(
    records.map(({ severity, message, driverType }) => [severity, message, driverType]),
    [["INFO", "power on", "power"], ["INFO", "power off", "power"]],
  );
});

Deno.test("PowerClient reads two measurements, with the apparent power", async () => {
  await using served = await board();
  assert.deepEqual(await Array.fromAsync(served.power.read()), [
    { voltage: 0, current: 0, apparentPower: 0 },
    { voltage: 5, current: 2, apparentPower: 10 },
  ]);
});

Deno.test("rescue() is not implemented by MockPower", async () => {
  await using served = await board();
  await assert.rejects(served.power.rescue(), { code: "not_implemented" });
});

Deno.test("cycle() turns off, waits, and turns on; an abort in between leaves it off", async () => {
  const calls: string[] = [];
  const power = new PowerClient(recordingNode(calls));
  // Timers come in the order in which they are due, on a slow machine too.
  const earlier = delay(10).then(() => calls.push("10 ms later"));
  await power.cycle(20);
  await earlier;
  assert.deepEqual(calls, ["off", "10 ms later", "on"]);
  const aborter = new AbortController();
  const cycling = power.cycle(60_000, { signal: aborter.signal });
  aborter.abort();
  await assert.rejects(cycling, { name: "AbortError" });
  assert.deepEqual(calls.slice(3), ["off"]);
});

Deno.test("what is no power reading is an error that shows it", async () => {
  const power = new PowerClient(recordingNode([], [{ voltage: "5" }]));
  await assert.rejects(
    Array.fromAsync(power.read()),
    /the driver sent \{"voltage":"5"\}, which is no power reading/,
  );
});

Deno.test("j power read prints the peer's lines, in rounds", async () => {
  await using served = await board();
  const { io, output } = testIo();
  await commands.read!.run(served.power, { count: 2, interval: 1 }, io);
  const round = "voltage=0.0 V  current=0.0 A  apparent_power=0.0 VA\n" +
    "voltage=5.0 V  current=2.0 A  apparent_power=10.0 VA\n";
  assert.equal(output(), round + round);
});

Deno.test("j power cycle says how long it waits", async () => {
  await using served = await board();
  const { io, output } = testIo();
  await commands.cycle!.run(served.power, { wait: 0 }, io);
  assert.equal(output(), "Power cycling with 0 seconds wait time...\n");
});

Deno.test("j power read without end stops at Ctrl-C", async () => {
  await using served = await board();
  const { io, shown, interrupt } = testIo();
  const reading = commands.read!.run(served.power, { count: 0, interval: 60_000 }, io);
  await shown("apparent_power=10.0 VA\n");
  interrupt();
  await assert.rejects(Promise.resolve(reading), { name: "AbortError" });
});

/** A node whose connection notes what is called, and answers a streaming call with `readings`. */
function recordingNode(calls: string[], readings: Json[] = []): ClientNode {
  const refuse = () => Promise.reject(new Error("not a part of this test"));
  return {
    connection: {
      call: (_uuid, method) => Promise.resolve(calls.push(method)),
      async *streamingCall() {
        yield* readings;
      },
      stream: refuse,
      openResource: refuse,
    },
    uuid: crypto.randomUUID(),
    name: "power",
    labels: {},
    description: undefined,
    methodsDescription: {},
    children: new Map(),
  };
}
