import * as assert from "node:assert/strict";
import { FakeTime } from "../../tests/support/fake_time.ts";
import { Liveness } from "./liveness.ts";

/** A liveness, and who it lost so far. */
function watch(): { liveness: Liveness; lost: string[] } {
  const lost: string[] = [];
  return { liveness: new Liveness((name) => lost.push(name)), lost };
}

Deno.test("an exporter is there as long as one of its connections, and a little longer", async () => {
  using time = new FakeTime();
  const { liveness, lost } = watch();
  const [first, second] = [liveness.open("e1"), liveness.open("e1")];
  first[Symbol.dispose]();
  await time.pass(3_600_000);
  assert.ok(liveness.isAlive("e1"));
  second[Symbol.dispose]();
  await time.pass(2_999);
  assert.deepEqual(lost, []);
  await time.pass(1);
  assert.deepEqual(lost, ["e1"]);
  assert.ok(!liveness.isAlive("e1"));
});

Deno.test("an exporter that reconnects in time was never gone", async () => {
  using time = new FakeTime();
  const { liveness, lost } = watch();
  liveness.open("e1")[Symbol.dispose]();
  await time.pass(2_000);
  using _again = liveness.open("e1");
  await time.pass(60_000);
  assert.deepEqual(lost, []);
});

Deno.test("an exporter without a connection is gone 15 s after its last call", async () => {
  using time = new FakeTime();
  const { liveness, lost } = watch();
  liveness.hear("e1");
  await time.pass(10_000);
  liveness.hear("e1");
  await time.pass(14_999);
  assert.deepEqual(lost, []);
  await time.pass(1);
  assert.deepEqual(lost, ["e1"]);
});

Deno.test("an exporter that says good-bye is not lost, nor when its connection ends later", async () => {
  using time = new FakeTime();
  const { liveness, lost } = watch();
  const connection = liveness.open("e1");
  liveness.leave("e1");
  assert.ok(!liveness.isAlive("e1"));
  connection[Symbol.dispose]();
  await time.pass(60_000);
  assert.deepEqual(lost, []);
});
