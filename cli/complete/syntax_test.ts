import assert from "node:assert/strict";
import { choice, flag, optional, path, repeated, text } from "@jumpstarter/lib/commands";
import { joinCutOptions } from "./suggestion.ts";
import { suggestWord } from "./syntax.ts";

const syntax = {
  does: "Try",
  arguments: { mode: choice(["fast", "slow"], "how"), rest: repeated(text("what", "WORD")) },
  options: {
    verbose: flag("say more", "v"),
    maxCount: optional(choice(["1", "2"], "how often", "n")),
    input: repeated(path("what to read", "i")),
  },
};
const OPTIONS = ["--verbose", "--max-count", "--input", "--help"];

/** A command line before Tab, and the words that may come. */
const lines: [string, string[]][] = [
  ["", ["fast", "slow"]],
  ["-", OPTIONS],
  ["--max-count ", ["1", "2"]],
  ["-n ", ["1", "2"]],
  ["-vn ", ["1", "2"]],
  ["-n1 ", ["fast", "slow"]],
  ["--max-count=", ["--max-count=1", "--max-count=2"]],
  ["-v --input a --", ["--max-count", "--input", "--help"]],
  ["-v fast ", []],
  ["-- -", ["fast", "slow"]],
  ["--unknown ", ["fast", "slow"]],
];

for (const [line, expected] of lines) {
  Deno.test(`"${line}" goes on with ${expected.join(", ") || "nothing"}`, async () => {
    const { candidates } = await suggestWord(syntax, line.split(" "));
    assert.deepEqual(candidates.map(({ word }) => word), expected);
  });
}

Deno.test("options have an end where a command passes them on", async () => {
  const passing = { ...syntax, passesOptions: true };
  assert.deepEqual(await suggestWord(passing, ["fast", "-"]), { candidates: [] });
});

Deno.test("an option that is there for files asks for files", async () => {
  assert.equal((await suggestWord(syntax, ["-i", "a"])).takesFiles, true);
  assert.equal((await suggestWord(syntax, ["--input=a"])).takesFiles, true);
});

Deno.test("an option that bash has cut at its = is whole again", () => {
  assert.deepEqual(joinCutOptions(["a", "--o", "=", "x", "b"]), ["a", "--o", "x", "b"]);
  assert.deepEqual(joinCutOptions(["--o", "="]), ["--o", ""]);
  assert.deepEqual(joinCutOptions(["=", "x"]), ["=", "x"]);
});
