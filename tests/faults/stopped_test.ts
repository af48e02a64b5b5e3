import assert from "node:assert/strict";
import { within } from "../support/running.ts";
import { DirectExporter, SOON } from "./exporter.ts";
import { workEntries } from "./work.ts";

Deno.test("an exporter that is stopped and continued goes on where it was", async () => {
  await using exporter = await DirectExporter.serve({ entries: workEntries });
  await using board = await exporter.connect();
  await using stream = await board.child("device").stream();
  const items = board.child("device").streamingCall("count");
  await items.next();
  exporter.program.kill("SIGSTOP");
  await stream.write(new TextEncoder().encode("while it stands"));
  const answer = board.child("device").call("wait", 10);
  await assert.rejects(within(500, Promise.race([answer, stream.read()])), /longer than/);
  exporter.program.kill("SIGCONT");
  assert.equal(await within(SOON, answer), "done");
  assert.equal((await within(SOON, items.next())).done, false);
  await items.return(undefined);
  await exporter.assertUsable();
});
