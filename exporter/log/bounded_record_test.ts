import assert from "node:assert/strict";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { boundedRecord, LONGEST_MESSAGE } from "./bounded_record.ts";

const base = { time: 0, severity: "INFO", source: "driver", logger: "test" } as const;
const record = (more: Partial<LogRecord>): LogRecord => ({ ...base, message: "", ...more });

Deno.test("a record of bearable size stays as it is", () => {
  const given = record({ message: "x".repeat(LONGEST_MESSAGE), fields: { result: "success" } });
  assert.equal(boundedRecord(given), given);
});

for (
  const [what, message, expected] of [
    ["ASCII", "x".repeat(LONGEST_MESSAGE + 5), /^x{16384} … 5 bytes cut$/],
    ["umlauts", "ä".repeat(LONGEST_MESSAGE + 5), /^ä{16384} … 10 bytes cut$/],
    ["a character of two code units", `x${"🔌".repeat(LONGEST_MESSAGE)}`, /^x🔌{8191} … 32772 /u],
  ] as const
) {
  Deno.test(`a long message of ${what} is cut, and says how many bytes are missing`, () => {
    assert.match(boundedRecord(record({ message })).message, expected);
  });
}

Deno.test("an operation and fields are cut, too, and so is their number", () => {
  const fields = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, "v"]));
  const long = "x".repeat(2_000);
  const { operation, fields: kept } = boundedRecord(
    record({ operation: long, fields: { [long]: long, ...fields } }),
  );
  assert.match(operation!, /^x{1024} … 976 bytes cut$/);
  const [name, value] = Object.entries(kept!)[0]!;
  for (const text of [name, value]) assert.match(text, /^x{1024} … 976 bytes cut$/);
  assert.equal(Object.keys(kept!).length, 32);
});

Deno.test("what is no text becomes one", () => {
  const given = { message: new Error("no"), fields: { tries: 3 } } as unknown as Partial<LogRecord>;
  const { message, fields } = boundedRecord(record(given));
  assert.deepEqual([message, fields], ["Error: no", { tries: "3" }]);
});
