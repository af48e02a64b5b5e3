/** Runs the checks of one driver against the exporter of the shell; one line of JSON a check. */
import { env } from "@jumpstarter/lib/client";
import { within } from "../support/running.ts";
import type { Group } from "./checks.ts";
import { type Check, shape } from "./script/board.ts";

/** Milliseconds that a check may take. */
const DEADLINE = 20_000;

const groups: Record<Group, () => Promise<{ checks: Record<string, Check> }>> = {
  composite: () => import("./script/composite.ts"),
  power: () => import("./script/power.ts"),
  network: () => import("./script/network.ts"),
  serial: () => import("./script/serial.ts"),
  files: () => import("./script/files.ts"),
  flasher: () => import("./script/flasher.ts"),
  messages: () => import("./script/messages.ts"),
  mux: () => import("./script/mux.ts"),
  shell: () => import("./script/shell.ts"),
  errors: () => import("./script/errors.ts"),
  session: () => import("./script/session.ts"),
};

const { checks } = await groups[Deno.args[0] as Group]();
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
// What a check that came to no end still waits for must not hold the shell up.
Deno.exit();
