import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { jsonLine } from "./json_line.ts";
import { textLine } from "./text_line.ts";

const base: LogRecord = {
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  severity: "WARNING",
  message: "Operation failed",
  source: "driver",
  logger: "driver.MockPower",
  driverType: "power",
  operation: "on",
  fields: { result: "failure", error_type: "timeout" },
};
const saying = (message: string, fields: Record<string, string> = {}): LogRecord => ({
  time: 0,
  severity: "INFO",
  message,
  source: "system",
  logger: "test",
  fields,
});

Deno.test("a line of JSON has the parts of the record, and those of the context", () => {
  const context = { exporter: "bench", lease_id: "lease-1", namespace: undefined };
  assert.deepEqual(JSON.parse(jsonLine(base, context)), {
    ts: "2026-01-02T03:04:05.678Z",
    level: "warning",
    msg: "Operation failed",
    logger: "driver.MockPower",
    component: "exporter",
    source: "driver",
    exporter: "bench",
    lease_id: "lease-1",
    operation: "on",
    driver_type: "power",
    result: "failure",
    error_type: "timeout",
  });
});

Deno.test("a field comes before one of the context, but never takes the place of a part", () => {
  const line = JSON.parse(
    jsonLine(saying("hello", { level: "7", exporter: "b" }), { exporter: "a" }),
  );
  assert.deepEqual([line.level, line.field_level, line.exporter], ["info", "7", "b"]);
});

Deno.test("whatever a message holds, its line is one line without control characters", () => {
  const message = "a\r\nb\x1b[2J\x7f\x9b1m\u2028\x00 ä🔌\ud800";
  for (const line of [jsonLine(saying(message)), textLine(saying(message))]) {
    assert.doesNotMatch(line, /[\p{Cc}\u2028]/u);
    assert.match(line, /ä🔌/);
  }
  assert.equal(JSON.parse(jsonLine(saying(message))).msg, message);
});

Deno.test("a line for people says what is not in the message, without colours of others", () => {
  const time = new Date(base.time).toTimeString().slice(0, 8);
  assert.equal(
    textLine({ ...base, message: "\x1b[31mred\x1b[0m\nnext" }),
    `${time} WARNING [driver.MockPower] (on) red\\nnext error_type=timeout`,
  );
});

Deno.test("a line for a terminal has colours for the severity, and for no more than that", () => {
  const line = textLine(base, { isColoured: true });
  assert.ok(line.includes("\x1b[33mWARNING\x1b[0m"));
  assert.equal(stripVTControlCharacters(line), textLine(base));
});

for (
  const [text, expected] of [
    ["get https://me:hunter2@host/a", "get https://me:[REDACTED]@host/a"],
    ["get http://h/a?X-Amz-Signature=ab12&x=1", "get http://h/a?X-Amz-Signature=[REDACTED]&x=1"],
    ["Authorization: Bearer abc.def", "Authorization: Bearer [REDACTED]"],
    ["with bearer abcdefghijklmnop", "with bearer [REDACTED]"],
    ["token eyJhbGciOiJF.eyJzdWIiOiJ4.c2ln left", "token [REDACTED] left"],
    ["bearer of bad news: http://host:80/a?b=c", "bearer of bad news: http://host:80/a?b=c"],
  ] as const
) {
  Deno.test(`a log has no secret: "${expected}"`, () => {
    assert.equal(JSON.parse(jsonLine(saying(text))).msg, expected);
    assert.ok(textLine(saying(text)).endsWith(expected));
  });
}

Deno.test("a field whose name speaks of a secret has no value in the log", () => {
  const record = saying("hello", { api_token: "abc", note: "https://u:p@h" });
  const { api_token, note } = JSON.parse(jsonLine(record));
  assert.deepEqual([api_token, note], ["[REDACTED]", "https://u:[REDACTED]@h"]);
  assert.match(textLine(record), /api_token=\[REDACTED\]/);
});

Deno.test("no message takes long to look through for secrets", () => {
  const parts = ["-eyJ", "a.", "://a:", "?a-", "authorization", "bearer a"];
  const start = performance.now();
  for (const part of parts) jsonLine(saying(part.repeat(16_384 / part.length)));
  assert.ok(performance.now() - start < 1_000);
});
