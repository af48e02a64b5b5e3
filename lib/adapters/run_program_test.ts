import assert from "node:assert/strict";
import { runProgram } from "./run_program.ts";

Deno.test("runProgram ends a program whose signal is over before it starts", async () => {
  const begin = performance.now();
  const signal = AbortSignal.abort();
  assert.equal((await runProgram(["sleep", "5"], { inherit: false, signal })).status, 143);
  assert.ok(performance.now() - begin < 4_000);
});
