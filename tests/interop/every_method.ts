/** Calls every driver method of the bench with our client; one line a check. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Board, env } from "@jumpstarter/lib/client";
import { DriverClient } from "@jumpstarter/lib/driver";
import { concat } from "@jumpstarter/lib/streams";
import { ExporterService, ExporterStatus } from "@jumpstarter/proto";
import {
  FlasherClient,
  NetworkClient,
  OpendalClient,
  PowerClient,
  SerialClient,
} from "@jumpstarter/drivers/clients";
import { checks } from "./checks.ts";

const shape = {
  power: PowerClient,
  alias: PowerClient,
  rack: { spare: PowerClient },
  echo: NetworkClient,
  tcp: NetworkClient,
  unix: NetworkClient,
  loop: SerialClient,
  tty: SerialClient,
  socket: SerialClient,
  files: OpendalClient,
  flasher: FlasherClient,
};
type Bench = Board<typeof shape>;

const bytes = (text: string) => new TextEncoder().encode(text);

function random(size: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(size);
  for (let start = 0; start < size; start += 65_536) {
    crypto.getRandomValues(data.subarray(start, start + 65_536));
  }
  return data;
}

async function echoed(client: DriverClient, data = bytes("hello")): Promise<void> {
  await using stream = await client.stream();
  await stream.write(data);
  const parts: Uint8Array[] = [];
  for (let size = 0; size < data.length;) {
    const part = await stream.read();
    assert.ok(part, "the stream ended early");
    parts.push(part);
    size += part.length;
  }
  assert.deepEqual(concat(parts), data);
}

async function throughForward(client: NetworkClient, data: Uint8Array): Promise<void> {
  await using forward = await client.portForward();
  using connection = await Deno.connect(forward);
  const writing = (async () => {
    for (let sent = 0; sent < data.length;) sent += await connection.write(data.subarray(sent));
    await connection.closeWrite();
  })();
  const parts = await Array.fromAsync(connection.readable as AsyncIterable<Uint8Array>);
  await writing;
  assert.deepEqual(concat(parts), data);
}

function memory(): { sink: WritableStream<Uint8Array>; content(): Uint8Array } {
  const parts: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  return { sink, content: () => concat(parts) };
}

const run: Record<string, (bench: Bench) => Promise<void>> = {
  "composite: the tree has every child, groups and proxies included": (bench) => {
    assert.deepEqual([...bench.tree.children.keys()], Object.keys(shape));
    assert.equal(bench.power.node.description, "Main rail");
    return Promise.resolve();
  },
  "composite: a proxy reaches the same driver": async (bench) => {
    assert.equal(bench.alias.node.uuid, bench.rack.spare.node.uuid);
    await bench.alias.on();
    await bench.rack.spare.off();
  },
  "power: on, off, cycle": async ({ power }) => {
    await power.on();
    await power.off();
    await power.cycle(0);
  },
  "power: read": async ({ power }) => {
    const readings = await Array.fromAsync(power.read());
    assert.deepEqual(readings.map(({ voltage, current }) => [voltage, current]), [[0, 0], [5, 2]]);
  },
  "echo: connect": async ({ echo }) => {
    await echoed(echo);
    await echoed(echo, random(60_000));
  },
  "tcp: connect, with half-close": async ({ tcp }) => {
    await echoed(tcp);
    await throughForward(tcp, bytes("bye"));
  },
  "tcp: address": async ({ tcp }) =>
    assert.match(await tcp.address(), /^tcp:\/\/127\.0\.0\.1:\d+$/),
  "tcp: port forward": ({ tcp }) => throughForward(tcp, random(1_000_000)),
  "unix: connect": ({ unix }) => echoed(unix),
  "serial: connect to loop://": ({ loop }) => echoed(loop),
  "serial: connect to a tty": async ({ tty }) => {
    await echoed(tty);
    await using console = await tty.expect();
    await console.sendLine("marco");
    await console.until("marco", { within: 5_000 });
  },
  "serial: connect to socket://": ({ socket }) => echoed(socket),
  "serial: set_dtr, set_rts, close": async ({ loop }) => {
    await loop.setDtr(true);
    await loop.setRts(false);
    await loop.close();
  },
  "files: 10 MiB there and back": async ({ files }) => {
    const data = random(10 * 1024 * 1024);
    await files.writeBytes("big", data);
    assert.deepEqual(await files.readBytes("big"), data);
    assert.equal(await files.hash("big"), createHash("sha256").update(data).digest("hex"));
  },
  "files: open, seek, tell, close and what the file can do": async ({ files }) => {
    await files.writeBytes("digits", bytes("0123456789"));
    const file = await files.open("digits", "rb");
    assert.deepEqual(
      [await file.isReadable(), await file.isSeekable(), await file.isWritable()],
      [true, true, false],
    );
    assert.equal(await file.seek(7), 7);
    assert.equal(await file.tell(), 7);
    assert.equal(await file.seek(-2, "end"), 8);
    const { sink, content } = memory();
    await file.readInto(sink);
    assert.deepEqual(content(), bytes("89"));
    assert.equal(await file.isClosed(), false);
    await file.close();
    assert.equal(await file.isClosed(), true);
    const written = await files.open("digits", "wb");
    assert.deepEqual(
      [await written.isReadable(), await written.isSeekable(), await written.isWritable()],
      [false, false, true],
    );
    await written.close();
  },
  "files: stat and hash": async ({ files }) => {
    await files.writeBytes("abc", bytes("abc"));
    const { content_length: size, mode } = await files.stat("abc");
    assert.deepEqual([size, mode.entry_is_file, mode.entry_is_dir], [3, true, false]);
    assert.equal(await files.hash("abc", "md5"), "900150983cd24fb0d6963f7d28e17f72");
  },
  "files: copy, rename, delete, remove_all, create_dir, exists": async ({ files }) => {
    await files.writeBytes("a", bytes("1"));
    await files.copy("a", "b");
    await files.rename("b", "c");
    await files.delete("a");
    await files.createDir("dir/sub/");
    const paths = ["a", "b", "c", "dir/", "dir/sub/"];
    const seen = await Promise.all(paths.map((path) => files.exists(path)));
    assert.deepEqual(seen, [false, false, true, true, true]);
    await files.removeAll("dir/");
    assert.equal(await files.exists("dir/"), false);
  },
  "files: list and scan": async ({ files }) => {
    await files.writeBytes("tree/x", bytes("1"));
    await files.writeBytes("tree/deep/y", bytes("1"));
    const sorted = async (items: AsyncIterable<string>) => (await Array.fromAsync(items)).sort();
    assert.deepEqual(await sorted(files.list("tree/")), ["tree/", "tree/deep/", "tree/x"]);
    assert.deepEqual(await sorted(files.scan("tree/")), [
      "tree/",
      "tree/deep/",
      "tree/deep/y",
      "tree/x",
    ]);
  },
  "files: capability and presigned requests": async ({ files }) => {
    const capability = await files.capability();
    assert.deepEqual([capability.read, capability.presign_read], [true, false]);
    await assert.rejects(files.presignStat("abc", 60));
    await assert.rejects(files.presignRead("abc", 60));
    await assert.rejects(files.presignWrite("abc", 60));
  },
  "files: created resources": async ({ files }) => {
    await files.writeBytes("made", bytes("1"));
    await files.call("register_path", "registered/");
    const made = await files.getCreatedResources();
    assert.ok(made.includes("made") && made.includes("registered"), String(made));
  },
  "flasher: flash and dump 10 MiB": async ({ flasher }) => {
    const data = random(10 * 1024 * 1024);
    const { sink, content } = memory();
    await flasher.flash(new Blob([data]), { verify: true });
    await flasher.dump(sink);
    assert.deepEqual(content(), data);
  },
  "flasher: partitions": async ({ flasher }) => {
    const { sink, content } = memory();
    await flasher.flash(new Blob(["boot"]), { target: "boot" });
    await flasher.dump(sink, { target: "boot" });
    assert.deepEqual(content(), bytes("boot"));
    await assert.rejects(flasher.dump(memory().sink, { target: "nothing" }));
  },
  "errors: unknown method, surplus argument, unknown file": async ({ power, files }) => {
    await assert.rejects(power.call("nope"), { code: "not_implemented" });
    await assert.rejects(power.call("on", 1));
    await assert.rejects(files.stat("nope"));
  },
  "session: status": async ({ connection }) => {
    const { status } = await connection.channel.unary(ExporterService.getStatus, {});
    assert.equal(status, ExporterStatus.LEASE_READY);
  },
  "session: log": async (bench) => {
    await bench.power.on();
    for await (const record of bench.logs()) {
      if (record.message !== "power on") continue;
      assert.deepEqual([record.severity, record.source], ["INFO", "driver"]);
      break;
    }
  },
};

await using bench = await env(shape);
for (const name of checks) {
  try {
    await run[name]!(bench);
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`failed ${name}: ${(error as Error).stack?.replaceAll("\n", " | ")}`);
  }
}
