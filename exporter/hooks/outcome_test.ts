import assert from "node:assert/strict";
import type { OnFailure } from "@jumpstarter/lib/config";
import { nameOf } from "../status.ts";
import { type HookCase, type HookOutcome, hookOutcome, RUNNING } from "./outcome.ts";
import type { HookPhase, HookResult } from "./result.ts";

/** Every way in which a script fails, and what is said about it. */
const FAILURES: [HookResult, string][] = [
  [{ kind: "exited", code: 1 }, "Hook failed with exit code 1"],
  [{ kind: "signalled", signal: 9 }, "Hook failed with exit code -9"],
  [{ kind: "timedOut", timeout: 5_000 }, "Hook timed out after 5 seconds"],
  [
    { kind: "notStarted", reason: "cannot run fish: no such file or directory" },
    "Error executing hook: cannot run fish: no such file or directory",
  ],
];
const INTERNAL: [HookResult, string] = [
  { kind: "internal", reason: "cannot open a pseudo-terminal: no space left on device" },
  "Error executing hook: cannot open a pseudo-terminal: no space left on device",
];
const PHASES: HookPhase[] = ["beforeLease", "afterLease"];
const MODES: OnFailure[] = ["warn", "endLease", "exit"];
const PLACES: HookCase["place"][] = ["lease", "direct"];

/** Statuses as `NAME message`, with the time that they are held; effects by name, where there are any. */
type Row = [statuses: string[], log: string | undefined, lease: string, direct: string];

function effects(outcome: HookOutcome): string {
  const { readsMotd, runsAfterLease, releasesLease, pause, stop } = outcome;
  return [
    readsMotd ? "motd" : "",
    runsAfterLease ? "after" : "",
    pause > 0 ? `pause ${pause}` : "",
    releasesLease ? "release" : "",
    stop === undefined ? "" : `stop ${stop.code} ${stop.when}`,
  ].filter((part) => part !== "").join(", ");
}

function checkRow(
  phase: HookPhase,
  result: HookResult,
  onFailure: OnFailure,
  [statuses, log, ...byPlace]: Row,
): void {
  for (const [index, place] of PLACES.entries()) {
    const outcome = hookOutcome({ phase, result, onFailure, place });
    const about = `${phase}, ${result.kind}, ${onFailure}, ${place}`;
    assert.deepEqual(
      outcome.statuses.map(({ status, message, hold = 0 }) =>
        `${nameOf(status)} ${message}${hold > 0 ? ` (held ${hold})` : ""}`
      ),
      statuses,
      about,
    );
    assert.equal(outcome.log && `${outcome.log.severity} ${outcome.log.message}`, log, about);
    assert.equal(effects(outcome), byPlace[index], about);
  }
}

Deno.test("a hook that succeeds leads on, whatever would follow a failure", () => {
  for (const mode of MODES) {
    checkRow("beforeLease", { kind: "success" }, mode, [
      ["LEASE_READY Ready for commands"],
      undefined,
      "motd, after",
      "motd, after",
    ]);
    checkRow("afterLease", { kind: "success" }, mode, [
      ["AVAILABLE Available for new lease"],
      undefined,
      "pause 1000, release",
      "",
    ]);
  }
});

Deno.test("a failure with warn leads on with a warning", () => {
  for (const [result, text] of FAILURES) {
    const log = `WARNING ${text} (on_failure=warn, continuing)`;
    checkRow("beforeLease", result, "warn", [
      [`LEASE_READY [HOOK_WARNING] beforeLease hook warning: ${text}`],
      log,
      "motd, after",
      "motd, after",
    ]);
    checkRow("afterLease", result, "warn", [
      [`AVAILABLE [HOOK_WARNING] afterLease hook warning: ${text}`],
      log,
      "pause 1000, release",
      "",
    ]);
  }
});

Deno.test("a failure with endLease releases the lease, and in direct mode leaves the status", () => {
  for (const [result, text] of FAILURES) {
    const log = `ERROR ${text} (on_failure=endLease, raising exception)`;
    checkRow("beforeLease", result, "endLease", [
      [`BEFORE_LEASE_HOOK_FAILED beforeLease hook failed (on_failure=endLease): ${text}`],
      log,
      "pause 1000, release",
      "",
    ]);
    checkRow("afterLease", result, "endLease", [
      [`AFTER_LEASE_HOOK_FAILED afterLease hook failed (on_failure=endLease): ${text}`],
      log,
      "pause 1000, release",
      "",
    ]);
  }
});

Deno.test("a failure with exit is held before OFFLINE and stops the exporter with code 1", () => {
  for (const [result, text] of FAILURES) {
    const log = `ERROR ${text} (on_failure=exit, raising exception)`;
    checkRow("beforeLease", result, "exit", [
      [
        `BEFORE_LEASE_HOOK_FAILED beforeLease hook failed (on_failure=exit, shutting down): ${text} ` +
        "(held 2000)",
        "OFFLINE Exporter shutting down due to beforeLease hook failure",
      ],
      log,
      "stop 1 atLeaseEnd",
      "stop 1 now",
    ]);
    checkRow("afterLease", result, "exit", [
      [
        `AFTER_LEASE_HOOK_FAILED afterLease hook failed (on_failure=exit, shutting down): ${text} ` +
        "(held 2000)",
        "OFFLINE Exporter shutting down due to afterLease hook failure",
      ],
      log,
      "pause 1000, stop 1 atLeaseEnd",
      "stop 1 now",
    ]);
  }
});

Deno.test("a hook that the exporter cannot run has its own outcome, whatever would follow a failure", () => {
  const [result, text] = INTERNAL;
  for (const mode of MODES) {
    checkRow("beforeLease", result, mode, [
      [`BEFORE_LEASE_HOOK_FAILED beforeLease hook failed: ${text}`],
      `ERROR beforeLease hook failed: ${text}`,
      "after",
      "after",
    ]);
    checkRow("afterLease", result, mode, [
      [`AFTER_LEASE_HOOK_FAILED afterLease hook failed: ${text}`],
      `ERROR afterLease hook failed: ${text}`,
      "pause 1000, release",
      "",
    ]);
  }
});

Deno.test("a hook that is stopped with the exporter changes no status", () => {
  for (const mode of MODES) {
    checkRow("beforeLease", { kind: "stopped" }, mode, [[], undefined, "after", "after"]);
    checkRow("afterLease", { kind: "stopped" }, mode, [[], undefined, "release", ""]);
  }
});

Deno.test("while a hook runs, the status says so", () => {
  assert.deepEqual(
    PHASES.map((phase) => `${nameOf(RUNNING[phase].status)} ${RUNNING[phase].message}`),
    ["BEFORE_LEASE_HOOK Running beforeLease hook", "AFTER_LEASE_HOOK Running afterLease hooks"],
  );
});
