import assert from "node:assert/strict";
import { toStoredSelector } from "./stored_selector.ts";
import { checkTags, leaseLabels } from "./tags.ts";

const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "v"]));

Deno.test("tags have a number, a length and an alphabet", () => {
  const refused: [Record<string, string>, RegExp, maximum?: number][] = [
    [tags(11), /11 tags, and at most 10/],
    [tags(4), /4 tags, and at most 3/, 3],
    [{ ["k".repeat(64)]: "v" }, /at most 63/],
    [{ k: "v".repeat(64) }, /tag "k".*at most 63/],
    [{ "bad key!": "v" }, /"bad key!" is not a label key/],
    [{ "a/b": "v" }, /"a\/b" contains "\/"/],
    [{ "jumpstarter.dev/x": "v" }, /reserved prefix/],
    [{ "metadata.jumpstarter.dev/x": "v" }, /reserved prefix/],
  ];
  for (const [given, message, maximum] of refused) {
    assert.throws(() => checkTags(given, maximum), message);
    assert.throws(() => checkTags(given, maximum), /^UsageError: invalid lease tags: /);
  }
  checkTags(tags(10));
  checkTags({ ["k".repeat(63)]: "v".repeat(63), empty: "" });
});

Deno.test("a lease carries what its selector sets equal, and its tags [controller 58]", () => {
  const labels = leaseLabels(toStoredSelector("board=rpi4,env!=prod"), { team: "devops" });
  assert.deepEqual(labels, { board: "rpi4", "metadata.jumpstarter.dev/team": "devops" });
  assert.deepEqual(leaseLabels(toStoredSelector("env!=prod")), {});
  assert.deepEqual(leaseLabels({ matchLabels: { "metadata.jumpstarter.dev/team": "x" } }), {});
});
