import assert from "node:assert/strict";
import { within } from "../../support/running.ts";
import { DirectExporter } from "../exporter.ts";
import { workEntries } from "../work.ts";

/** Milliseconds within which a client notices an exporter that does not answer any more. */
const NOTICED = 35_000;

Deno.test("an exporter that is stopped for long loses its clients, and serves new ones when it goes on", async () => {
  await using exporter = await DirectExporter.serve({ entries: workEntries });
  await exporter.assertUsable();
  const before = await exporter.footprint();
  await using board = await exporter.connect();
  await using stream = await board.child("device").stream();
  exporter.program.kill("SIGSTOP");
  await assert.rejects(within(NOTICED, stream.read()), /went away|gone|does not answer|dropped/);
  exporter.program.kill("SIGCONT");
  await exporter.assertUsable();
  await board[Symbol.asyncDispose]();
  await exporter.assertAsBefore(before);
});
