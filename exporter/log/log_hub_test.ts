import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { LogHub } from "./log_hub.ts";

const record = (message: string): LogRecord => ({
  time: 0,
  severity: "INFO",
  message,
  source: "system",
  logger: "test",
});

/** The next messages of a reader. */
async function take(reader: AsyncGenerator<LogRecord>, count: number): Promise<string[]> {
  const messages: string[] = [];
  while (messages.length < count) messages.push((await reader.next()).value!.message);
  return messages;
}

function readerOf(hub: LogHub): AsyncGenerator<LogRecord> {
  return hub.read(new AbortController().signal);
}

function fill(hub: LogHub, count: number, message: (number: number) => string = String): void {
  for (let number = 0; number < count; number++) hub.sink(record(message(number)));
}

Deno.test("LogHub gives every reader every record, also those before it came [exporter 65]", async () => {
  const hub = new LogHub();
  hub.sink(record("a"));
  const early = take(readerOf(hub), 2);
  hub.sink(record("b"));
  assert.deepEqual(await early, ["a", "b"]);
  assert.deepEqual(await take(readerOf(hub), 2), ["a", "b"]);
});

Deno.test("LogHub says how many records a late reader misses [exporter 63]", async () => {
  const hub = new LogHub();
  fill(hub, 1_200);
  const [notice, first] = await take(readerOf(hub), 2);
  assert.match(notice!, /^200 log records dropped: they came before this reader/);
  assert.equal(first, "200");
});

Deno.test("LogHub says how many records a slow reader misses, where they are missing", async () => {
  const hub = new LogHub();
  const reader = readerOf(hub);
  fill(hub, 2);
  assert.deepEqual(await take(reader, 1), ["0"]);
  fill(hub, 1_000, (number) => String(number + 2));
  const dropped = "1 log record dropped: this reader is too slow";
  assert.deepEqual(await take(reader, 3), [dropped, "2", "3"]);
});

Deno.test("LogHub wakes every reader that waits", async () => {
  const hub = new LogHub();
  const readers = [1, 2].map(() => take(readerOf(hub), 2));
  hub.sink(record("a"));
  await Promise.resolve();
  hub.sink(record("b"));
  assert.deepEqual(await Promise.all(readers), [["a", "b"], ["a", "b"]]);
});

Deno.test("LogHub keeps fewer records when they are long", async () => {
  const hub = new LogHub();
  fill(hub, 1_000, () => "x".repeat(16_000));
  const [notice] = await take(readerOf(hub), 1);
  const kept = 1_000 - parseInt(notice!);
  assert.ok(kept > 100 && kept < 150, `${kept} are kept`);
});

Deno.test("a reader that waits again and again leaves nothing behind", async () => {
  const hub = new LogHub();
  const { signal } = new AbortController();
  const reader = hub.read(signal);
  for (let number = 0; number < 3; number++) {
    const next = reader.next();
    await Promise.resolve();
    hub.sink(record("a"));
    await next;
  }
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

Deno.test("LogHub ends a waiting reader by its signal", async () => {
  const stop = new AbortController();
  const reader = new LogHub().read(stop.signal).next();
  stop.abort();
  assert.equal((await reader).done, true);
});
