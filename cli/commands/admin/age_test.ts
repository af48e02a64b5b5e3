import * as assert from "node:assert/strict";
import { age } from "./age.ts";

Deno.test("an age is told in its two largest units", () => {
  const now = Date.parse("2026-06-01T00:00:00Z");
  const ages: [seconds: number, text: string][] = [
    [-5, "0s"],
    [45, "45s"],
    [310, "5m10s"],
    [3_900, "1h5m"],
    [7_500, "2h"],
    [3 * 86_400 + 4 * 3_600, "3d4h"],
    [63 * 86_400, "2mo3d"],
    [(365 + 60) * 86_400, "1y2mo"],
  ];
  for (const [seconds, text] of ages) {
    assert.equal(age(new Date(now - seconds * 1_000).toISOString(), now), text);
  }
  assert.equal(age(undefined, now), "");
});
