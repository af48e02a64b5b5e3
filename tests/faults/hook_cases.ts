import assert from "node:assert/strict";
import { ExporterService, ExporterStatus } from "@jumpstarter/proto";
import { Channel } from "@jumpstarter/lib/rpc";
import { until } from "../support/running.ts";
import { DirectExporter, SOON } from "./exporter.ts";

/** A hook that behaves badly, and what the exporter's log says of it. */
export interface HookCase {
  readonly name: string;
  /** Is among the tests that are always run. */
  readonly isQuick?: true;
  readonly script: string;
  readonly exec?: string;
  readonly says: RegExp;
  /** Milliseconds that it takes at most, after its time of 1 s. */
  readonly grace?: number;
  /** Processes that are not its group's any more, or that it may leave: a daemon for the session. */
  readonly leaves?: number;
}

/** Milliseconds that a hook may take. */
const TIME = 1_000;
const TIMED_OUT = /Hook timed out after 1 seconds/;
/** What a hook's processes have to end after SIGTERM, and a little more. */
const KILLED = 5_000 + SOON;

/** Every hook. */
export const hookCases: readonly HookCase[] = [
  { name: "never ends", script: "echo began; sleep 60", says: TIMED_OUT },
  {
    name: "never ends, nor do its children",
    isQuick: true,
    script: "sh -c 'sleep 60 & sleep 61 & wait' & sleep 62; wait",
    says: TIMED_OUT,
  },
  {
    name: "reads its standard input",
    isQuick: true,
    script: "read answer; echo never",
    says: TIMED_OUT,
  },
  {
    name: "floods its log for ever",
    isQuick: true,
    script: "yes 'a line of text that says nothing'",
    says: TIMED_OUT,
  },
  {
    name: "floods its log without a line",
    script: "head -c 30000000 /dev/zero | tr '\\0' x",
    says: /x{100}|cut/,
  },
  {
    name: "closes its terminal and never ends",
    isQuick: true,
    script: "exec <&- >&- 2>&-; sleep 60",
    says: TIMED_OUT,
  },
  {
    name: "closes its terminal and ends well",
    script: "echo began; exec <&- >&- 2>&-; sleep 0.1",
    says: /began/,
  },
  { name: "kills itself", script: "kill -9 $$", says: /Hook failed with exit code -9/ },
  { name: "stops itself", script: "kill -STOP $$", says: TIMED_OUT },
  {
    name: "is no program",
    script: "true",
    exec: "/nonexistent/shell",
    says: /Error executing hook: .*nonexistent/,
  },
  {
    name: "leaves a child that has its terminal",
    script: "sleep 60 & echo began",
    says: /began/,
    leaves: 1,
  },
  {
    name: "leaves a child without its terminal",
    script: "sleep 60 </dev/null >/dev/null 2>&1 & echo began",
    says: /began/,
    leaves: 1,
  },
  {
    name: "leaves a child in a session of its own",
    script: "setsid sleep 60 & echo began",
    says: /began/,
    leaves: 1,
  },
  {
    name: "never ends, nor does its child in a session of its own",
    script: "setsid sleep 60 & sleep 60",
    says: TIMED_OUT,
    leaves: 1,
  },
  {
    name: "ignores SIGTERM",
    script: "trap '' TERM HUP INT; while :; do sleep 60; done",
    says: TIMED_OUT,
    grace: KILLED,
  },
  {
    name: "has children that ignore SIGTERM",
    script: "sh -c \"trap '' TERM HUP; while :; do sleep 1; done\" & sleep 60",
    says: TIMED_OUT,
    grace: KILLED,
  },
];

/** Runs a hook before and after a session; fails unless that is usable, and leaves nothing. */
export async function survives(row: HookCase): Promise<void> {
  const { script, exec, says, grace = SOON, leaves = 0 } = row;
  const hook = { script, timeout: 1, ...(exec === undefined ? {} : { exec }) };
  await using exporter = await DirectExporter.serve({
    hooks: { beforeLease: hook, afterLease: hook },
  });
  await until("the hook is over", async () => {
    using channel = new Channel(exporter.endpoint);
    const { status } = await channel.unary(ExporterService.getStatus, {}, { timeout: SOON });
    return status === ExporterStatus.LEASE_READY;
  }, TIME + grace);
  await exporter.program.shown(says);
  await exporter.assertUsable();
  assert.deepEqual(await exporter.processes(), Array(leaves).fill("S sleep 60"));
  exporter.program.kill("SIGTERM");
  await exporter.assertEnds(0, {
    time: TIME + grace,
    leaves: Array(2 * leaves).fill("S sleep 60"),
  });
}
