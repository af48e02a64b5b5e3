import assert from "node:assert/strict";
import { formatGoDuration, parseGoDuration } from "./go_duration.ts";

Deno.test("durations read and write as Go does", () => {
  const durations: [string, number][] = [
    ["0s", 0],
    ["1ns", 1e-6],
    ["1.5µs", 0.0015],
    ["100ms", 100],
    ["1.5s", 1500],
    ["-30m0s", -1_800_000],
    ["1h0m0.001s", 3_600_001],
    ["43800h0m0s", 43_800 * 3_600_000],
  ];
  for (const [text, milliseconds] of durations) {
    assert.equal(parseGoDuration(text), milliseconds);
    assert.equal(formatGoDuration(milliseconds), text);
  }
  for (
    const [text, milliseconds] of [["0", 0], ["90m", 5_400_000], ["+.5s", 500], ["1us", 0.001]]
  ) {
    assert.equal(parseGoDuration(String(text)), milliseconds);
  }
});

Deno.test("what Go does not read as a duration is refused by name", () => {
  for (const text of ["", "-", "30d", "1h 30m", "5", "1.2.3s", "s", "NaN"]) {
    assert.throws(() => parseGoDuration(text), new RegExp(`"${text}" is not a duration`));
  }
});
