import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { FlasherClient, NetworkClient, PowerClient, SerialClient } from "../clients.ts";

const type = "jsr:@jumpstarter/drivers/simulated_board#SimulatedBoard";
const shape = {
  board: {
    power: PowerClient,
    serial: SerialClient,
    storage: FlasherClient,
    web: NetworkClient,
  },
};

function open(config: Record<string, unknown> = {}) {
  return serve({ board: { type, config: { boot_time: 0, ...config } } }, shape);
}

const image = () => new Blob(["HEADER\nVERSION=1.2.3\n", new Uint8Array(100_000)]);

Deno.test("SimulatedBoard boots what was flashed, and serves a page until the power goes", async () => {
  await using session = await open();
  const { board } = session;
  const { sha256 } = await board.storage.flash(image(), { verify: true });
  await using console = await board.serial.expect();
  await board.power.on();
  const { before } = await console.until("login:");
  assert.match(before, new RegExp(`sha256 ${sha256}`));
  const url = (await board.web.address()).replace("tcp:", "http:");
  const health = await (await fetch(`${url}/health`)).json();
  assert.deepEqual([health.version, health.sha256], ["VERSION=1.2.3", sha256]);
  assert.match(await (await fetch(url)).text(), /<title>board: VERSION=1\.2\.3<\/title>/);
  await board.power.off();
  await assert.rejects(fetch(url));
  await assert.rejects(board.web.address(), /the board is off, or still booting/);
  const [reading] = await Array.fromAsync(board.power.read());
  assert.deepEqual([reading!.voltage, reading!.current], [0, 0]);
});

Deno.test("SimulatedBoard shows every console the same, and nothing of before", async () => {
  await using session = await open();
  const { board } = session;
  await board.storage.flash(image());
  await using first = await board.serial.expect();
  await using second = await board.serial.expect();
  await board.power.on();
  await first.until("login:");
  await second.until("login:");
  await using late = await board.serial.expect();
  await late.sendLine("root");
  const { before } = await late.until("# ");
  assert.doesNotMatch(before, /mmcblk0/);
});

Deno.test("SimulatedBoard's storage is full when it is, and usable after", async () => {
  await using session = await open({ storage_size: 1000 });
  const { storage } = session.board;
  await assert.rejects(storage.flash(image()), /storage is full: it holds 1000 bytes/);
  await storage.flash(new Blob(["small"]), { verify: true });
  await assert.rejects(storage.flash(image(), { target: "sda" }), /the only target is mmcblk0/);
});

Deno.test("SimulatedBoard's storage takes one image at a time", async () => {
  await using session = await open();
  const { storage } = session.board;
  let feed!: ReadableStreamDefaultController<Uint8Array>;
  const slow = new ReadableStream<Uint8Array>({ start: (controller) => void (feed = controller) });
  const started = Promise.withResolvers<void>();
  const flashing = storage.flash(slow, { onProgress: () => started.resolve() });
  feed.enqueue(new Uint8Array(10));
  await started.promise;
  // The driver is at it once it has been called, which the log tells.
  for await (const record of session.logs()) if (record.operation === "flash") break;
  await assert.rejects(storage.flash(image()), /storage is busy/);
  feed.close();
  assert.equal((await flashing).bytes, 10);
});

Deno.test("SimulatedBoard refuses settings that make no sense, and children", async () => {
  const refused = (entry: Record<string, unknown>) => serve({ board: { type, ...entry } });
  await assert.rejects(refused({ config: { storage_size: "big" } }), /storage_size/);
  await assert.rejects(refused({ config: { hostname: "Not A Name" } }), /hostname/);
  const children = { power: { type: "jumpstarter_driver_power.driver.MockPower" } };
  await assert.rejects(refused({ children }), /it makes its children itself/);
});
