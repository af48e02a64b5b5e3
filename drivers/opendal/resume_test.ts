import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { DriverConnection } from "@jumpstarter/lib/driver";
import { NotImplementedError } from "@jumpstarter/lib/errors";
import { concat } from "@jumpstarter/lib/streams";
import { FlasherClient, StorageMuxFlasherClient } from "./client.ts";

const P = "jumpstarter_driver_opendal.driver.";
const shape = { flasher: FlasherClient, mux: StorageMuxFlasherClient };
const SIZE = 20_000_000;
const image = concat(
  Array.from({ length: SIZE / 50_000 }, () => crypto.getRandomValues(new Uint8Array(50_000))),
);

/** A board, and an image of 20 MB in a folder. */
async function open() {
  const board = await serve({
    flasher: { type: `${P}MockFlasher` },
    mux: { type: `${P}MockStorageMuxFlasher` },
  }, shape);
  const dir = await Deno.makeTempDir();
  const path = `${dir}/image`;
  await Deno.writeFile(path, image);
  return {
    ...board,
    path,
    async [Symbol.asyncDispose]() {
      await board[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** Begins to flash an image, and is interrupted. */
async function interrupt(flasher: FlasherClient, path: string, target?: string): Promise<void> {
  const stop = new AbortController();
  const flashing = flasher.flash(path, {
    signal: stop.signal,
    onProgress: (done) => done > 8_000_000 && stop.abort(),
    ...(target === undefined ? {} : { target }),
  });
  await assert.rejects(flashing);
}

/** Flashes with `resume`; what was noted, and how far it was when the first bytes were sent. */
async function resume(flasher: FlasherClient, path: string | URL, target?: string) {
  const notes: string[] = [];
  let start: number | undefined;
  await flasher.flash(path, {
    resume: true,
    verify: true,
    onNote: (text) => void notes.push(text),
    onProgress: (done) => start ??= done,
    ...(target === undefined ? {} : { target }),
  });
  return { notes, start: start ?? 0 };
}

const contentOf = async (flasher: FlasherClient, target?: string) => {
  const parts: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
  await flasher.dump(sink, target === undefined ? {} : { target });
  return concat(parts);
};

for (const target of [undefined, "system"]) {
  Deno.test(`an interrupted flash of ${target ?? "the whole device"} is taken up where it broke off`, async () => {
    await using board = await open();
    const { flasher, path } = board;
    const old = target === undefined ? {} : { target };
    await flasher.flash(new Blob(["old"]), old);
    await interrupt(flasher, path, target);
    assert.equal(new TextDecoder().decode(await contentOf(flasher, target)), "old");
    const { notes, start } = await resume(flasher, new URL(`file://${path}`), target);
    assert.match(notes.join(), /^\d+(\.\d)? MB have arrived before: the rest is sent$/);
    assert.ok(start > 1_000_000, `sent from byte ${start} on`);
    assert.deepEqual(await contentOf(flasher, target), image);
    assert.equal(await flasher.call("partial", ...target === undefined ? [] : [target]), null);
  });
}

Deno.test("a flash is taken up again and again until it is whole", async () => {
  await using board = await open();
  const { flasher, path } = board;
  await interrupt(flasher, path);
  const stop = new AbortController();
  const second = flasher.flash(path, {
    resume: true,
    signal: stop.signal,
    onNote() {},
    onProgress: (done) => done > 14_000_000 && stop.abort(),
  });
  await assert.rejects(second);
  const { size } = await flasher.call("partial") as { size: number };
  assert.ok(size > 1_000_000 && size < SIZE, `${size} bytes have arrived`);
  await resume(flasher, path);
  assert.deepEqual(await contentOf(flasher), image);
});

const fromStart = /: the image is sent from its start$/;

Deno.test("an image is sent from its start when another one has broken off", async () => {
  await using board = await open();
  const { flasher, path } = board;
  await interrupt(flasher, path);
  await Deno.writeFile(path, image.with(7, image[7]! ^ 1));
  const { notes, start } = await resume(flasher, path);
  assert.match(notes.join(), /^what has arrived before is not the beginning of this image: /);
  assert.match(notes.join(), fromStart);
  assert.ok(start < 4_000_000, `sent from byte ${start} on`);
  assert.deepEqual(await contentOf(flasher), image.with(7, image[7]! ^ 1));
});

Deno.test("an image is sent from its start when none has broken off, or at another place", async () => {
  await using board = await open();
  const { flasher, path } = board;
  assert.match((await resume(flasher, path)).notes.join(), /^nothing has arrived before: /);
  await interrupt(flasher, path, "system");
  assert.match((await resume(flasher, path, "boot")).notes.join(), /^nothing has arrived before: /);
  await flasher.flash(path, { target: "system" });
  assert.match((await resume(flasher, path, "system")).notes.join(), /^nothing has arrived before/);
});

Deno.test("an image is sent from its start to an exporter that cannot take it up", async () => {
  await using board = await open();
  const { node } = board.flasher;
  const connection: DriverConnection = Object.create(node.connection, {
    call: {
      value: (...call: Parameters<DriverConnection["call"]>) =>
        call[1] === "partial"
          ? Promise.reject(new NotImplementedError("method partial not found on driver"))
          : node.connection.call(...call),
    },
    openResource: { value: node.connection.openResource.bind(node.connection) },
  });
  const { notes } = await resume(new FlasherClient({ ...node, connection }), board.path);
  assert.match(notes.join(), /^this exporter cannot resume a flash: /);
  assert.match(notes.join(), fromStart);
});

Deno.test("what is no plain file of this machine is not resumed", async () => {
  await using board = await open();
  const { flasher, path } = board;
  const refusal = {
    code: "usage",
    message: /^only the flash of a plain file of this machine can be/,
  };
  for (
    const source of [new Blob(["x"]), new Blob(["x"]).stream(), "http://h/x", new URL("http://h/x")]
  ) {
    await assert.rejects(flasher.flash(source, { resume: true }), refusal);
  }
  await assert.rejects(flasher.flash(path, { resume: true, encoding: "xz" }), refusal);
});

Deno.test("a flash behind a mux is taken up with the storage at the exporter", async () => {
  await using board = await open();
  await interrupt(board.mux, board.path);
  const { notes } = await resume(board.mux, board.path);
  assert.match(notes.join(), /MB have arrived before: the rest is sent$/);
  assert.deepEqual(await contentOf(board.mux), image);
});

Deno.test("the rest of an image is refused where something else has arrived", async () => {
  await using board = await open();
  const rest = async (offset: number) => {
    await using resource = await board.flasher.openResource();
    await resource.stream.closeWrite();
    await board.flasher.call("flash_at", resource.handle, offset);
  };
  await assert.rejects(rest(10), /"default" cannot be taken up at byte 10: 0 bytes of an image/);
  await interrupt(board.flasher, board.path);
  await assert.rejects(rest(10), /"default" cannot be taken up at byte 10: \d{7,} bytes of an/);
  assert.notEqual(await board.flasher.call("partial"), null, "it can be taken up still");
  await assert.rejects(rest(-1), { code: "invalid_argument" });
});
