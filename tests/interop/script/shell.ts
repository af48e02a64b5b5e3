import assert from "node:assert/strict";
import type { checks as all } from "../checks.ts";
import type { Check } from "./board.ts";

export const checks: Record<(typeof all)["shell"][number], Check> = {
  async "the methods are there in order, with their descriptions"({ shell }) {
    // A Python exporter puts them in an order of its own.
    assert.deepEqual((await shell.methods()).sort(), ["empty", "fail", "say", "slow"]);
    assert.deepEqual({ ...shell.node.methodsDescription }, { say: "Say something" });
  },
  async "a script gets its arguments and variables, and gives both outputs and its status"(
    { shell },
  ) {
    const said = await shell.run("say", ["a", "b c"], { env: { WHO: "me" } });
    assert.deepEqual(said, { stdout: "say|a|b c|me\n", stderr: "oops\n", returnCode: 0 });
    assert.equal((await shell.run("fail")).returnCode, 3);
  },
  async "a script that takes too long returns 199"({ shell }) {
    assert.equal((await shell.run("slow")).returnCode, 199);
  },
  async "unknown methods, empty scripts, blocked variables and arguments that are no texts are refused"(
    { shell },
  ) {
    const refused = { code: "invalid_argument" };
    await assert.rejects(shell.run("nope"), refused);
    await assert.rejects(shell.run("empty"), refused);
    for (const name of ["PATH", "LD_X", "1"]) {
      await assert.rejects(shell.run("say", [], { env: { [name]: "x" } }), refused);
    }
    const items = shell.streamingCall("call_method", "say", {}, 1);
    await assert.rejects(Array.fromAsync(items), refused);
  },
};
