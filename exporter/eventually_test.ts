import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";

Deno.test("eventually() gives what the first good try gives [client 109]", async () => {
  let tries = 0;
  const value = await eventually(() => {
    tries++;
    if (tries === 1) throw new Error("not yet");
    return tries === 2 ? false : `try ${tries}`;
  }, { every: 1 });
  assert.equal(value, "try 3");
});

Deno.test("eventually() tells why the last try failed [client 109]", async () => {
  const cause = new Error("still dark");
  const waiting = eventually(() => Promise.reject(cause), { within: 30, every: 5 });
  await assert.rejects(waiting, {
    code: "timeout",
    message: /^not within 30 ms, \d+ tr(y|ies); the last: still dark$/,
    cause,
  });
  await assert.rejects(eventually(() => false, { within: 5, every: 60_000 }), {
    message: "still false after 5 ms, 1 try",
  });
});

Deno.test("eventually() gives up a try that takes too long, and tells it so", async () => {
  let seen: AbortSignal | undefined;
  const waiting = eventually((signal) => {
    seen = signal;
    return new Promise(() => {});
  }, { within: 5 });
  await assert.rejects(waiting, { message: "the first try takes more than 5 ms" });
  assert.equal(seen!.aborted, true);
});

Deno.test("eventually() ends with the signal it is given", async () => {
  const aborter = new AbortController();
  const waiting = eventually(() => false, { signal: aborter.signal, every: 60_000 });
  aborter.abort(new Error("enough"));
  await assert.rejects(waiting, { message: "enough" });
});
