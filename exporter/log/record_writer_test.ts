import assert from "node:assert/strict";
import type { LogRecord, Severity } from "@jumpstarter/lib/driver";
import { RecordWriter } from "./record_writer.ts";

const record = (message: string, severity: Severity = "INFO"): LogRecord => ({
  time: 0,
  severity,
  message,
  source: "driver",
  logger: "test",
});

/** A writer to a place that takes lines only when the test lets it. */
function stuckWriter(): { writer: RecordWriter; written: string[]; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const written: string[] = [];
  const writer = new RecordWriter({
    line: ({ message }) => message,
    write: async (lines) => {
      await promise;
      written.push(...lines.split("\n"));
    },
  });
  return { writer, written, release: resolve };
}

Deno.test("records are written in order, and those that come together together", async () => {
  const written: string[] = [];
  const writer = new RecordWriter({
    line: ({ message }) => message,
    write: (lines) => Promise.resolve(void written.push(lines)),
  });
  for (const message of ["a", "b"]) writer.push(record(message));
  await writer.flush(1_000);
  writer.push(record("c"));
  await writer.flush(1_000);
  assert.deepEqual(written, ["a\nb", "c"]);
});

Deno.test("what comes too fast is dropped and counted, where it is missing", async () => {
  const { writer, written, release } = stuckWriter();
  const line = "x".repeat(999);
  for (let number = 0; number < 2_000; number++) writer.push(record(line));
  release();
  await writer.flush(1_000);
  writer.push(record("after"));
  await writer.flush(1_000);
  const kept = written.filter((text) => text === line).length;
  assert.equal(kept, 787);
  const why = "they came faster than they could be written";
  assert.deepEqual(written.slice(kept), [`${2_000 - kept} log records dropped: ${why}`, "after"]);
});

Deno.test("warnings have a place when there are too many of the others", async () => {
  const { writer, written, release } = stuckWriter();
  for (let number = 0; number < 2_000; number++) writer.push(record("x".repeat(999)));
  writer.push(record("hot", "ERROR"));
  release();
  await writer.flush(1_000);
  assert.match(written.at(-2)!, /^1213 log records dropped/);
  assert.equal(written.at(-1), "hot");
});

Deno.test("what could not be written is counted, and the next record tries again", async () => {
  const written: string[] = [];
  let isFull = true;
  const writer = new RecordWriter({
    line: ({ message }) => message,
    write: (lines) => {
      if (isFull) throw new Deno.errors.WriteZero("disk full");
      return Promise.resolve(void written.push(...lines.split("\n")));
    },
  });
  writer.push(record("lost"));
  await writer.flush(1_000);
  isFull = false;
  writer.push(record("kept"));
  await writer.flush(1_000);
  assert.match(written[0]!, /^1 log record dropped/);
  assert.equal(written[1], "kept");
});

Deno.test("flush() waits no longer than it is told for a reader that reads nothing", async () => {
  const { writer, written, release } = stuckWriter();
  writer.push(record("a"));
  await writer.flush(10);
  assert.deepEqual(written, []);
  release();
  await writer.flush(1_000);
  assert.deepEqual(written, ["a"]);
});
