import assert from "node:assert/strict";
import { ageText } from "./age.ts";

const [MINUTE, HOUR, DAY] = [60, 3600, 86400];

Deno.test("ages are told as kubectl tells them", () => {
  const told: [number, string][] = [
    [-5, "0s"],
    [119, "119s"],
    [2 * MINUTE, "2m"],
    [5 * MINUTE + 10, "5m10s"],
    [179 * MINUTE, "179m"],
    [3 * HOUR + 5 * MINUTE, "3h5m"],
    [47 * HOUR, "47h"],
    [3 * DAY + 4 * HOUR, "3d4h"],
    [400 * DAY, "400d"],
    [3 * 365 * DAY + DAY, "3y1d"],
    [9 * 365 * DAY, "9y"],
  ];
  assert.deepEqual(told.map(([seconds]) => ageText(seconds * 1000)), told.map(([, text]) => text));
});
