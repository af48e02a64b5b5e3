import assert from "node:assert/strict";
import { cut, hanging } from "./fit.ts";

const HEAD = "  flash  ";
const TEXT = "Write an image to the storage of the board";

Deno.test("a text goes on under itself where the terminal ends", () => {
  assert.equal(
    hanging(HEAD, TEXT, 35),
    "  flash  Write an image to the\n         storage of the board",
  );
});

Deno.test("a text stays one line where it fits, the width is not known, or none would be left", () => {
  for (const columns of [HEAD.length + TEXT.length, undefined, HEAD.length + 19]) {
    assert.equal(hanging(HEAD, TEXT, columns), HEAD + TEXT);
  }
});

Deno.test("a word that is too long for its column has a line of its own", () => {
  const path = "x".repeat(30);
  assert.equal(hanging(HEAD, `see ${path}`, 30), `${HEAD}see\n         ${path}`);
});

Deno.test("cut() ends a line where the terminal ends", () => {
  assert.equal(cut("on off cycle", 12), "on off cycle");
  assert.equal(cut("on off cycle", 9), "on off c…");
  assert.equal(cut("on off cycle", 8), "on off…");
  assert.equal(cut("on off cycle", undefined), "on off cycle");
});
