import assert from "node:assert/strict";
import { testIo } from "../tests/support/command_io.ts";
import { ask } from "./prompt.ts";

Deno.test("ask() asks until it has what is needed, and ends with its terminal", async () => {
  const { io, type, endInput, output } = testIo({ isTerminal: true });
  const typing = (async () => {
    for (const line of ["\n", " bench \n", "\n"]) await type(line);
    await endInput();
  })();
  assert.equal(await ask(io, "Name", { isNeeded: true }), "bench");
  assert.equal(await ask(io, "Token", { isNeeded: false }), "");
  await assert.rejects(ask(io, "Name", { isNeeded: true }), { code: "aborted" });
  await typing;
  assert.equal(output(), "Name: Name: Token: Name: ");
});

Deno.test("ask() ends with its signal", async () => {
  const { io, shown, interrupt } = testIo({ isTerminal: true });
  const asking = assert.rejects(ask(io, "Name", { isNeeded: true }), { name: "AbortError" });
  await shown("Name: ");
  interrupt();
  await asking;
});
