import assert from "node:assert/strict";
import { type ByteStream, concat, pipe, readAll } from "@jumpstarter/lib/streams";
import { BlockDevice } from "./block_device.ts";

const never = new AbortController().signal;

/** A source that gives some chunks and then ends, or breaks. */
function source(chunks: Uint8Array[], fault?: Error): ByteStream {
  const [stream] = pipe();
  const rest = [...chunks];
  return Object.assign(Object.create(stream), {
    read() {
      const chunk = rest.shift();
      if (chunk !== undefined) return Promise.resolve(chunk);
      return fault === undefined ? Promise.resolve(null) : Promise.reject(fault);
    },
  });
}

async function contentOf(device: BlockDevice): Promise<Uint8Array> {
  const [near, far] = pipe();
  const reading = Array.fromAsync(readAll(far));
  await device.read(near);
  await near[Symbol.asyncDispose]();
  return concat(await reading);
}

const bytes = (size: number) => new Uint8Array(size).map((_, index) => index * 7);

Deno.test("BlockDevice gives back what was written, and only the last of it", async () => {
  let changes = 0;
  await using device = new BlockDevice(1_000_000, () => changes++);
  assert.equal((await contentOf(device)).length, 0);
  assert.equal(await device.inspect(never), undefined);
  await device.write(source([bytes(200_000)]));
  await device.write(source([bytes(70_000), bytes(3)]));
  assert.deepEqual(await contentOf(device), concat([bytes(70_000), bytes(3)]));
  assert.equal((await device.inspect(never))?.size, 70_003);
  assert.equal(changes, 2);
});

Deno.test("BlockDevice takes an image of just its size, and fills up with one byte more", async () => {
  await using device = new BlockDevice(1000, () => {});
  await device.write(source([bytes(600), bytes(400)]));
  const full = { code: "ENOSPC", message: /storage is full: it holds 1000 bytes/ };
  await assert.rejects(device.write(source([bytes(600), bytes(401)])), full);
  assert.equal((await device.inspect(never))?.size, 1000);
  await device.write(source([bytes(1)]));
  assert.equal((await device.inspect(never))?.size, 1);
});

Deno.test("BlockDevice keeps what came of a transfer that breaks off, and says why", async () => {
  let changes = 0;
  await using device = new BlockDevice(1000, () => changes++);
  const fault = new Error("the client went away");
  await assert.rejects(device.write(source([bytes(10)], fault)), fault);
  assert.deepEqual(await contentOf(device), bytes(10));
  assert.equal(changes, 1);
});

Deno.test("BlockDevice takes the rest of what broke off, and of nothing else", async () => {
  await using device = new BlockDevice(1000, () => {});
  assert.equal(await device.partial(), null);
  await assert.rejects(device.write(source([bytes(10)]), 10), /at byte 10: 0 bytes of an image/);
  await assert.rejects(device.write(source([bytes(10)], new Error("gone"))), /gone/);
  assert.equal((await device.partial())?.size, 10);
  await assert.rejects(device.write(source([bytes(10)]), 9), /at byte 9: 10 bytes of an image/);
  await device.write(source([bytes(20)]), 10);
  assert.deepEqual(await contentOf(device), concat([bytes(10), bytes(20)]));
  assert.equal(await device.partial(), null);
  await assert.rejects(device.write(source([bytes(1001)])), /storage is full/);
  assert.equal(await device.partial(), null, "there is no room for the rest");
});

Deno.test("BlockDevice refuses a second transfer, and is not changed by it", async () => {
  let changes = 0;
  await using device = new BlockDevice(1000, () => changes++);
  const [near, far] = pipe();
  const writing = device.write(near);
  await assert.rejects(device.write(source([bytes(1)])), /storage is busy/);
  await assert.rejects(contentOf(device), /storage is busy/);
  assert.equal(changes, 0);
  await far[Symbol.asyncDispose]();
  await writing;
  assert.equal(changes, 1);
});

Deno.test("BlockDevice stops looking when told to", async () => {
  await using device = new BlockDevice(1000, () => {});
  await device.write(source([bytes(10)]));
  await assert.rejects(device.inspect(AbortSignal.abort(new Error("power"))), /power/);
});

Deno.test("BlockDevice ends a transfer that is under way when it is disposed", async () => {
  for (const isReading of [true, false]) {
    const device = new BlockDevice(1000, () => {});
    const read = Promise.withResolvers<void>();
    const chunk = Promise.withResolvers<Uint8Array>();
    const slow = Object.assign(source([]), {
      read() {
        read.resolve();
        return chunk.promise;
      },
    });
    const refused = assert.rejects(device.write(slow), /the board is gone/);
    if (isReading) await read.promise;
    await device[Symbol.asyncDispose]();
    chunk.resolve(bytes(10));
    await refused;
  }
});

Deno.test("BlockDevice makes its file when it is needed, and leaves nothing behind", async () => {
  const temp = await Deno.makeTempDir();
  const before = Deno.env.get("TMPDIR");
  Deno.env.set("TMPDIR", temp);
  try {
    const device = new BlockDevice(1000, () => {});
    assert.equal([...Deno.readDirSync(temp)].length, 0);
    await device.write(source([bytes(10)]));
    assert.equal([...Deno.readDirSync(temp)].length, 1);
    await device[Symbol.asyncDispose]();
    await assert.rejects(device.write(source([bytes(10)])), /the board is gone/);
    await assert.rejects(device.inspect(never), /the board is gone/);
    assert.equal([...Deno.readDirSync(temp)].length, 0);
  } finally {
    if (before === undefined) Deno.env.delete("TMPDIR");
    else Deno.env.set("TMPDIR", before);
    await Deno.remove(temp);
  }
});
