import assert from "node:assert/strict";
import { lineStream } from "./line_stream.ts";

Deno.test("a watch that its client leaves between two lines lets go of what it follows", async () => {
  let isFollowed = true;
  const response = lineStream(async function* (signal) {
    try {
      while (!signal.aborted) yield { type: "ADDED" };
    } finally {
      isFollowed = false;
    }
  }, { query: new URLSearchParams(), closing: new AbortController().signal });
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), '{"type":"ADDED"}\n');
  await reader.cancel();
  assert.ok(!isFollowed);
});
