import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { concat } from "@jumpstarter/lib/streams";
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
  await using connection = await board.web.stream();
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: board\r\n\r\n"));
  assert.notEqual(await connection.read(), null);
  await board.power.off();
  assert.equal(await connection.read(), null, "a connection under way breaks");
  await assert.rejects(fetch(url));
  await assert.rejects(board.web.address(), /connection refused: the board is off/);
  await assert.rejects(board.web.stream(), /connection refused: the board is off/);
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

Deno.test("SimulatedBoard says why it has no network", async () => {
  await using session = await open({ boot_time: 60_000 });
  const { board } = session;
  await using console = await board.serial.expect();
  await board.power.on();
  await console.until("SimBoot");
  await assert.rejects(board.web.address(), /the board is still booting/);
  const [reading] = await Array.fromAsync(board.power.read());
  assert.equal(reading!.current, 0.85);
});

Deno.test("SimulatedBoard with an empty storage waits for an image and the power", async () => {
  await using session = await open();
  const { board } = session;
  await using console = await board.serial.expect();
  await board.power.on();
  await console.until("off and on\r\n");
  await assert.rejects(board.web.address(), /the board has nothing to boot; flash an image/);
  await board.storage.flash(image());
  await board.power.off();
  await board.power.on();
  await console.until("login:");
});

Deno.test("SimulatedBoard boots what a broken upload has left, and says what it is", async () => {
  await using session = await open();
  const { board } = session;
  const broken = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("VERSION=0.9\n")),
    pull: (controller) => controller.error(new Error("the cable is out")),
  });
  await assert.rejects(board.storage.flash(broken), /the cable is out/);
  const left = await bytesOf(board.storage);
  await using console = await board.serial.expect();
  await board.power.on();
  // How far it came is a matter of luck; the board tells.
  const size = left.length;
  await console.until(size === 0 ? "no boot medium" : `mmcblk0: image of ${size} bytes`);
});

Deno.test("SimulatedBoard takes up a flash that was interrupted, and boots the whole image", async () => {
  await using session = await open();
  const { storage, serial, power } = session.board;
  const path = await Deno.makeTempFile();
  const text = "VERSION=2.0.0\n".repeat(500_000);
  await Deno.writeTextFile(path, text);
  const stop = new AbortController();
  const interrupted = storage.flash(path, {
    signal: stop.signal,
    onProgress: (done) => done > 5_000_000 && stop.abort(),
  });
  await assert.rejects(interrupted);
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  const { bytes } = await storage.flash(path, { resume: true, verify: true, onNote });
  assert.match(notes.join(), /MB have arrived before: the rest is sent$/);
  assert.equal(bytes, text.length);
  await using console = await serial.expect();
  await power.on();
  await console.until(`mmcblk0: image of ${text.length} bytes`);
  await Deno.remove(path);
});

Deno.test("SimulatedBoard that is flashed while it runs goes on until reboot", async () => {
  await using session = await open();
  const { board } = session;
  await board.storage.flash(image());
  await using console = await board.serial.expect();
  await board.power.on();
  await console.until("login:");
  await console.sendLine("root");
  await console.until("# ");
  const { sha256 } = await board.storage.flash(new Blob(["VERSION=2.0.0\n"]));
  await console.until("medium changed under the running system");
  await console.until("# ");
  const url = (await board.web.address()).replace("tcp:", "http:");
  assert.equal((await (await fetch(`${url}/health`)).json()).version, "VERSION=1.2.3");
  await console.sendLine("cat /etc/os-release; sha256sum /dev/mmcblk0");
  await console.until("VERSION=1.2.3");
  await console.until(sha256);
  await console.sendLine("reboot");
  await console.until("mmcblk0: VERSION=2.0.0");
  await console.until("login:");
});

Deno.test("SimulatedBoard ends in the middle of anything, and leaves nothing behind", async () => {
  for (const boot_time of [0, 60_000]) {
    await using session = await open({ boot_time });
    const { board } = session;
    await board.storage.flash(new Blob([new Uint8Array(5_000_000)]));
    await board.power.on();
    if (boot_time > 0) continue; // ends while it boots
    await using console = await board.serial.expect();
    await console.until(/login:/);
    await console.sendLine("root");
    await console.sendLine("sleep 1000");
    await console.until("sleep 1000");
  }
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

async function bytesOf(storage: FlasherClient): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await storage.dump(new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) }));
  return concat(parts);
}
