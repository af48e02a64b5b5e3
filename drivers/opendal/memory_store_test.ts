import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { serve } from "@jumpstarter/exporter/testing";
import type { Board } from "@jumpstarter/lib/client";
import { OpendalClient } from "./client.ts";
import { MemoryStore } from "./memory_store.ts";

function open(): Promise<Board<{ storage: typeof OpendalClient }>> {
  const config = { scheme: "memory", kwargs: {} };
  const type = "jumpstarter_driver_opendal.driver.Opendal";
  return serve({ storage: { type, config } }, { storage: OpendalClient });
}

const text = (content: string) => new TextEncoder().encode(content);

Deno.test("memory writes and reads back 10 MiB, and knows their hash", async () => {
  await using board = await open();
  const bytes = new Uint8Array(10 * 1024 * 1024).map((_, index) => index * 7919);
  await board.storage.writeBytes("image", bytes);
  assert.deepEqual(await board.storage.readBytes("image"), bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  assert.equal(await board.storage.hash("image"), sha256);
  await using file = await board.storage.open("image", "rb");
  assert.equal(await file.seek(-3, "end"), bytes.length - 3);
  assert.deepEqual(await file.readBytes(), bytes.subarray(-3));
  await assert.rejects(file.seek(-1), /memory: cannot seek in "image": position -1 is before/);
});

Deno.test("memory lists as OpenDAL's does: a folder is there while something is in it", async () => {
  await using board = await open();
  const { storage } = board;
  await storage.writeBytes("ax", text("1"));
  await storage.writeBytes("a/y", text("1"));
  await storage.writeBytes("a/z/q", text("1"));
  await storage.createDir("a/e/");
  const all = (items: AsyncIterable<string>) => Array.fromAsync(items);
  assert.deepEqual(await all(storage.list("/")), ["a/", "ax"]);
  assert.deepEqual(await all(storage.list("a/")), ["a/e/", "a/y", "a/z/"]);
  assert.deepEqual(await all(storage.list("a")), ["a/"]);
  assert.deepEqual(await all(storage.scan("/")), ["a/e/", "a/y", "a/z/q", "ax"]);
  assert.deepEqual(await all(storage.scan("a")), ["a/e/", "a/y", "a/z/q"]);
  assert.deepEqual(await all(storage.list("nope/")), []);
  assert.equal((await storage.stat("a/z/")).mode.entry_is_dir, true);
  assert.equal(await storage.exists("a"), false);
  await storage.removeAll("a");
  assert.deepEqual(await all(storage.scan("/")), ["ax"]);
  await storage.removeAll("/");
  assert.deepEqual(await all(storage.scan("/")), []);
});

Deno.test("memory copies, renames and deletes files, and names what is not there", async () => {
  await using board = await open();
  const { storage } = board;
  await storage.writeBytes("a", text("hi"));
  await storage.copy("a", "x/b");
  await storage.rename("a", "c");
  assert.deepEqual(await storage.readBytes("c"), text("hi"));
  assert.deepEqual(await storage.readBytes("x/b"), text("hi"));
  assert.deepEqual(await storage.getCreatedResources(), ["c", "x/b"]);
  await storage.delete("c");
  await storage.delete("c");
  const missing = { code: "driver", message: /memory: cannot open "c": there is no such file$/ };
  await assert.rejects(storage.readBytes("c"), missing);
  await assert.rejects(storage.copy("x/b", "./x/b"), /source and target are the same/);
  await assert.rejects(storage.copy("x/b", "d/"), /"d\/" is the name of a folder/);
  await assert.rejects(storage.rename("x/", "y/"), /cannot rename "x\/": it is a folder/);
  await assert.rejects(storage.stat("../c"), /outside the storage's root/);
  await assert.rejects(storage.presignRead("x/b", 60), { code: "not_implemented" });
});

Deno.test("memory keeps what was there when a transfer breaks off", async () => {
  await using board = await open();
  await board.storage.writeBytes("image", text("old"));
  const broken = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(text("the beginning"));
    },
    pull: (controller) => controller.error(new Error("the cable came off")),
  });
  await assert.rejects(board.storage.writeFromPath("image", broken), /the cable came off/);
  assert.deepEqual(await board.storage.readBytes("image"), text("old"));
});

Deno.test("memory keeps what was there when a client gives up in the middle", async () => {
  await using board = await open();
  await board.storage.writeBytes("image", text("old"));
  const giveUp = new AbortController();
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(text("the beginning")),
    // The first piece is on its way by now, and no other comes.
    pull: () => setTimeout(() => giveUp.abort(), 50) && new Promise<void>(() => {}),
  });
  const { signal } = giveUp;
  await assert.rejects(board.storage.writeFromPath("image", stalled, { signal }));
  assert.deepEqual(await board.storage.readBytes("image"), text("old"));
});

Deno.test("memory counts what it holds", async () => {
  const store = new MemoryStore();
  const write = async (path: string, size: number) => {
    const file = await store.open(path, "wb");
    await file.write(new Uint8Array(size));
    await file.close();
  };
  await write("a", 10);
  await write("a", 7);
  await write("b", 5);
  assert.equal(store.held, 12);
  await store.delete("a");
  assert.equal(store.held, 5);
});
