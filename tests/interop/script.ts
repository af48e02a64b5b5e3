/** Runs the checks of groups against the exporter of the shell; one line of JSON a check. */
import { env } from "@jumpstarter/lib/client";
import { within } from "../support/running.ts";
import { shape } from "./script/board.ts";
import { DEADLINE, groups } from "./script/groups.ts";

/** Milliseconds for all of it; what is left then counts as not checked. */
const WHOLE = 100_000;
setTimeout(() => Deno.exit(1), WHOLE);

for (const name of Deno.args) {
  console.log(JSON.stringify({ group: name }));
  const { checks } = await groups[name as keyof typeof groups]();
  const board = await env(shape);
  for (const [check, run] of Object.entries(checks)) {
    try {
      await within(DEADLINE, run(board));
      console.log(JSON.stringify({ check, ok: true }));
    } catch (error) {
      console.log(JSON.stringify({ check, ok: false, reason: (error as Error).stack }));
    }
  }
  await board[Symbol.asyncDispose]();
}
// What a check that came to no end still waits for must not hold the shell up.
Deno.exit();
