import * as assert from "node:assert/strict";
import { Chores } from "./chores.ts";

Deno.test("a chore that is asked for at any moment is done after that", async () => {
  const done: string[] = [];
  await using chores = new Chores((key) => {
    done.push(key);
    return Promise.resolve();
  });
  chores.add("a");
  chores.add("a");
  await chores.done();
  assert.deepEqual(done, ["a"]);
  // At every turn after the last one: none falls between the end of the work and its next begin.
  for (let turns = 0; turns < 10; turns++) {
    chores.add("b");
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    chores.add("c");
    await chores.done();
    assert.equal(done.at(-1), "c", `after ${turns} turns`);
  }
});
