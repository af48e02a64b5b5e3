import assert from "node:assert/strict";
import { WriteQueue } from "./write_queue.ts";

/** A transaction that notes what happens to it; `write` is what jobs call. */
function recorder(commit: () => void = () => {}) {
  const log: string[] = [];
  let changes = 0;
  const queue = new WriteQueue({
    changes: () => changes,
    begin: () => {
      changes = 0;
      log.push("begin");
    },
    commit: () => {
      commit();
      log.push("commit");
    },
    rollback: () => log.push("rollback"),
  });
  const write = (what: string) => () => {
    changes++;
    log.push(what);
    return what;
  };
  return { log, queue, write };
}

Deno.test("writes that wait together share a transaction, in order", async () => {
  const { log, queue, write } = recorder();
  const results = await Promise.all(["a", "b", "c"].map((what) => queue.write(write(what))));
  assert.deepEqual(results, ["a", "b", "c"]);
  assert.deepEqual(log, ["begin", "a", "b", "c", "commit"]);
});

Deno.test("a write is told of after the commit", async () => {
  const { log, queue, write } = recorder();
  await queue.write(write("a")).then(() => log.push("told"));
  assert.deepEqual(log, ["begin", "a", "commit", "told"]);
});

Deno.test("a job that refuses before it wrote fails alone", async () => {
  const { log, queue, write } = recorder();
  const refuse = () => {
    throw new Error("refused");
  };
  const results = await Promise.allSettled([
    queue.write(write("a")),
    queue.write(refuse),
    queue.write(write("b")),
  ]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(log, ["begin", "a", "b", "commit"]);
});

Deno.test("a job that fails after it wrote undoes the transaction; later ones go on", async () => {
  const { log, queue, write } = recorder();
  const half = () => {
    write("half")();
    throw new Error("the disk is full");
  };
  const results = await Promise.allSettled([
    queue.write(write("a")),
    queue.write(half),
    queue.write(write("b")),
  ]);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "rejected", "fulfilled"]);
  assert.deepEqual(log, ["begin", "a", "half", "rollback", "begin", "b", "commit"]);
});

Deno.test("a commit that fails is told to all who are in it", async () => {
  const { log, queue, write } = recorder(() => {
    throw new Error("no space");
  });
  const results = await Promise.allSettled([queue.write(write("a")), queue.write(write("b"))]);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
  assert.deepEqual(log, ["begin", "a", "b", "rollback"]);
});

Deno.test("many writes let the loop have its turns", async () => {
  const { log, queue } = recorder();
  const busy = () => {
    const end = performance.now() + 1;
    while (performance.now() < end);
  };
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await Promise.all(Array.from({ length: 60 }, () => queue.write(busy)));
  clearInterval(timer);
  const transactions = log.filter((what) => what === "commit").length;
  assert.ok(transactions > 5, `${transactions} transactions`);
  assert.ok(turns > 3, `${turns} turns`);
  await queue.drained();
});
