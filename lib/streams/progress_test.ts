import assert from "node:assert/strict";
import { formatBytes, formatProgress } from "./progress.ts";

const label = "image.img → storage";

const lines: [Parameters<typeof formatProgress>[0], string][] = [
  [
    { label, done: 412e6, total: 822e6, elapsed: 4_292 },
    "image.img → storage   412 of 822 MB   96 MB/s   5 s left",
  ],
  [
    { label, done: 4.12e6, total: 822e6, elapsed: 1_000 },
    "image.img → storage   4.1 of 822 MB   4.1 MB/s   199 s left",
  ],
  [
    { label, done: 822e6, total: 822e6, elapsed: 8_400 },
    "image.img → storage   822 of 822 MB   98 MB/s   8.4 s",
  ],
  [
    { label, done: 412e6, total: undefined, elapsed: 4_000 },
    "image.img → storage   412 MB   103 MB/s   4.0 s",
  ],
  [{ label, done: 0, total: 9e6, elapsed: 0 }, "image.img → storage   0.0 of 9.0 MB   0.0 MB/s"],
  [
    { label, done: 0, total: 0, elapsed: 0 },
    "image.img → storage   0.0 of 0.0 MB   0.0 MB/s   0.0 s",
  ],
];

for (const [transfer, line] of lines) {
  Deno.test(`formatProgress() says "${line}"`, () => assert.equal(formatProgress(transfer), line));
}

Deno.test("formatBytes() counts in millions, with a digit more below ten", () => {
  assert.deepEqual([0, 9.94e6, 12.3e6].map(formatBytes), ["0.0 MB", "9.9 MB", "12 MB"]);
});
