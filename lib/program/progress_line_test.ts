import assert from "node:assert/strict";
import { ProgressLine } from "./progress_line.ts";

/** What one update draws on a terminal of a width. */
function drawn(label: string, columns: number | undefined): string {
  let text = "";
  const line = new ProgressLine(label, {
    isTerminal: true,
    columns: () => columns,
    write: (part) => text += part,
  });
  line.update(0, 9_000_000);
  return text.replace("\r\x1b[K", "");
}

const LABEL = "folder/image.img → storage";
const AMOUNT = "   0.0 of 9.0 MB   0.0 MB/s";

for (
  const [columns, line] of [
    [undefined, `${LABEL}${AMOUNT}`],
    [80, `${LABEL}${AMOUNT}`],
    [LABEL.length + AMOUNT.length + 1, `${LABEL}${AMOUNT}`],
    [LABEL.length + AMOUNT.length, `…lder/image.img → storage${AMOUNT}`],
    [AMOUNT.length + 8, `…torage${AMOUNT}`.slice(0, AMOUNT.length + 7)],
    [10, `…${AMOUNT}`.slice(0, 9)],
    [1, ""],
  ] as const
) {
  Deno.test(`on ${columns ?? "unknown"} columns a transfer is shown as "${line}"`, () => {
    assert.equal(drawn(LABEL, columns), line);
  });
}

Deno.test("what moves is removed at the end, and nothing moves without a terminal", () => {
  const written: string[] = [];
  const draw = (isTerminal: boolean) => {
    using line = new ProgressLine("a", { isTerminal, write: (text) => void written.push(text) });
    line.update(1, 2);
  };
  draw(false);
  assert.deepEqual(written, []);
  draw(true);
  assert.equal(written.at(-1), "\r\x1b[K");
});
