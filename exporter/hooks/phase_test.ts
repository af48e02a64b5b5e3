import assert from "node:assert/strict";
import type { Hook } from "@jumpstarter/lib/config";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { ExporterStatus } from "@jumpstarter/proto";
import type { HookOutcome, StatusStep } from "./outcome.ts";
import { announce, runHookPhase } from "./phase.ts";
import type { HookPhase } from "./result.ts";

interface Run {
  outcome: HookOutcome;
  motd: string;
  log: string[];
}

async function run(script: string, hook: Partial<Hook> = {}, phase: HookPhase = "beforeLease") {
  const records: LogRecord[] = [];
  const { outcome, motd } = await runHookPhase({
    phase,
    place: "direct",
    host: "/run/hook",
    leaseName: "standalone",
    clientName: "",
    hook: { script, timeout: 30_000, onFailure: "warn", ...hook },
    log: (record) => records.push(record),
  });
  const log = records.map(({ severity, source, message }) => `${severity} ${source} ${message}`);
  return { outcome, motd, log } satisfies Run;
}

Deno.test("the output is in the log under its phase, and nothing else for a hook that succeeds", async () => {
  assert.deepEqual((await run("echo hello")).log, ["INFO beforeLease hello"]);
  assert.deepEqual((await run("echo bye", {}, "afterLease")).log, ["INFO afterLease bye"]);
});

Deno.test("a failure is in the log after the output", async () => {
  assert.deepEqual((await run("echo a; exit 3")).log, [
    "INFO beforeLease a",
    "WARNING beforeLease Hook failed with exit code 3 (on_failure=warn, continuing)",
  ]);
  assert.deepEqual((await run("exit 3", { onFailure: "exit" }, "afterLease")).log, [
    "ERROR afterLease Hook failed with exit code 3 (on_failure=exit, raising exception)",
  ]);
});

Deno.test("a hook's result and onFailure decide what follows", async () => {
  const { outcome } = await run("exit 3", { onFailure: "endLease" });
  assert.deepEqual(outcome.statuses, [{
    status: ExporterStatus.BEFORE_LEASE_HOOK_FAILED,
    message: "beforeLease hook failed (on_failure=endLease): Hook failed with exit code 3",
  }]);
  assert.equal(outcome.runsAfterLease, false);
});

Deno.test("a beforeLease hook adds to the message of the day [exporter 62]", async () => {
  const { motd } = await run('echo "board 7" >"$JMP_MOTD_FILE"; echo ready >>"$JMP_MOTD_FILE"');
  assert.equal(motd, "board 7\nready");
  const large = await run("head -c 131072 /dev/zero | tr '\\0' x >\"$JMP_MOTD_FILE\"");
  assert.equal(large.motd, "x".repeat(65_536));
});

Deno.test("the file for a message is there before the hook and gone after it", async () => {
  const { log } = await run(
    'test -f "$JMP_MOTD_FILE" && ! test -s "$JMP_MOTD_FILE" && echo "$JMP_MOTD_FILE"',
  );
  const path = log[0]!.replace("INFO beforeLease ", "");
  await assert.rejects(Deno.lstat(path), Deno.errors.NotFound);
});

Deno.test("a message counts after a failure with warn, and only then", async () => {
  const script = 'echo half >"$JMP_MOTD_FILE"; exit 1';
  assert.equal((await run(script)).motd, "half");
  assert.equal((await run(script, { onFailure: "endLease" })).motd, "");
  const late = await run('echo half >"$JMP_MOTD_FILE"; sleep 3600', { timeout: 1_000 });
  assert.equal(late.motd, "half");
});

Deno.test("a message that cannot be read is a warning in the log, and no failure", async () => {
  for (
    const [script, reason] of [
      ['rm "$JMP_MOTD_FILE"', "no such file or directory"],
      ['rm "$JMP_MOTD_FILE"; mkfifo "$JMP_MOTD_FILE"', "it is not a regular file"],
    ] as const
  ) {
    const { outcome, motd, log } = await run(script);
    assert.equal(motd, "");
    assert.deepEqual(log, [`WARNING beforeLease cannot read JMP_MOTD_FILE: ${reason}`]);
    assert.equal(outcome.statuses[0]!.status, ExporterStatus.LEASE_READY);
  }
});

Deno.test("an afterLease hook has no file for a message", async () => {
  const { log } = await run('echo "${JMP_MOTD_FILE-none}"', {}, "afterLease");
  assert.deepEqual(log, ["INFO afterLease none"]);
});

Deno.test("announce() goes through the statuses in order and holds one until told to stop", async () => {
  const steps: StatusStep[] = [
    { status: ExporterStatus.BEFORE_LEASE_HOOK_FAILED, message: "why", hold: 3_600_000 },
    { status: ExporterStatus.OFFLINE, message: "away" },
  ];
  const seen: string[] = [];
  const aborter = new AbortController();
  const announced = announce(steps, (_, message) => seen.push(message), aborter.signal);
  await Promise.resolve();
  assert.deepEqual(seen, ["why"]);
  aborter.abort();
  await announced;
  assert.deepEqual(seen, ["why", "away"]);
});
