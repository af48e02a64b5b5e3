import assert from "node:assert/strict";
import { overlap } from "./overlap.ts";

Deno.test("overlap() reads the next piece while the last one is written, and keeps the order", async () => {
  const events: string[] = [];
  const written = Promise.withResolvers<void>();
  const pieces = ["a", "b"];
  await overlap(
    () => {
      const piece = pieces.shift() ?? null;
      events.push(`read ${piece}`);
      if (piece === "b") written.resolve();
      return Promise.resolve(piece);
    },
    async (piece) => {
      // The first piece is not done before the second one was read.
      await written.promise;
      events.push(`wrote ${piece}`);
    },
  );
  assert.deepEqual(events, ["read a", "read b", "wrote a", "read null", "wrote b"]);
});

Deno.test("overlap() fails with what the writer failed with, and reads no further", async () => {
  let reads = 0;
  const full = new Error("full");
  const read = () => Promise.resolve(++reads);
  await assert.rejects(overlap(read, () => Promise.reject(full)), full);
  assert.equal(reads, 2);
});

Deno.test("overlap() fails with what the reader failed with, after the last write", async () => {
  const writing = Promise.withResolvers<void>();
  const broken = new Error("broken");
  let reads = 0;
  let isDone = false;
  const work = overlap(
    () => reads++ === 0 ? Promise.resolve("a") : Promise.reject(broken),
    () => writing.promise.then(() => void (isDone = true)),
  );
  writing.resolve();
  await assert.rejects(work, broken);
  assert.ok(isDone);
});
