import assert from "node:assert/strict";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { LogHub } from "./log_hub.ts";

const record = (message: string): LogRecord => ({
  time: 0,
  severity: "INFO",
  message,
  source: "system",
  logger: "test",
});

async function take(hub: LogHub, count: number): Promise<string[]> {
  const stop = new AbortController();
  const messages: string[] = [];
  for await (const { message } of hub.read(stop.signal)) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

Deno.test("LogHub gives every reader every record, also those before it came [exporter 65]", async () => {
  const hub = new LogHub();
  hub.sink(record("a"));
  const early = take(hub, 2);
  hub.sink(record("b"));
  assert.deepEqual(await early, ["a", "b"]);
  assert.deepEqual(await take(hub, 2), ["a", "b"]);
});

Deno.test("LogHub says how many records a late reader misses [exporter 63]", async () => {
  const hub = new LogHub();
  for (let number = 0; number < 1_200; number++) hub.sink(record(String(number)));
  const [notice, first] = await take(hub, 2);
  assert.match(notice!, /^200 log records dropped/);
  assert.equal(first, "200");
});

Deno.test("LogHub ends a waiting reader by its signal", async () => {
  const stop = new AbortController();
  const reader = new LogHub().read(stop.signal).next();
  stop.abort();
  assert.equal((await reader).done, true);
});
