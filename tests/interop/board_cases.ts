/** The checks as tests of `deno test`, each with a board of its own; for the shell of the peer. */
import { boardTest } from "@jumpstarter/exporter/testing";
import { within } from "../support/running.ts";
import { shape } from "./script/board.ts";
import { DEADLINE, groups } from "./script/groups.ts";

const left = new Set(Deno.args);

for (const [group, load] of Object.entries(groups)) {
  for (const [check, run] of Object.entries((await load()).checks)) {
    const title = `${group}: ${check}`;
    if (left.has(title)) continue;
    boardTest(title, { shape }, (board) => within(DEADLINE, run(board)));
  }
}
