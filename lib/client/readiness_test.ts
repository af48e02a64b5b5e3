import assert from "node:assert/strict";
import { ExporterStatus } from "@jumpstarter/proto";
import { failureOf, warningOf } from "./readiness.ts";

const { LEASE_READY, BEFORE_LEASE_HOOK_FAILED, OFFLINE } = ExporterStatus;
const HOOK = "beforeLease hook failed (on_failure=";
const MENDED = "the exporter is of no use until the hook's fault is mended and it is started again";

/** A state, and what it means for those who want the board. */
const states: [ExporterStatus, message: string, failure?: string | undefined, warning?: string][] =
  [
    [LEASE_READY, "Ready for commands"],
    [LEASE_READY, "[HOOK_WARNING] it did not work", undefined, "it did not work"],
    [LEASE_READY, "[HOOK_WARNING] it\n\x1b[2Jfailed\n", undefined, "it [2Jfailed"],
    [
      BEFORE_LEASE_HOOK_FAILED,
      `${HOOK}endLease): Hook failed with exit code 3`,
      `${HOOK}endLease): Hook failed with exit code 3; ${MENDED}`,
    ],
    [
      BEFORE_LEASE_HOOK_FAILED,
      `${HOOK}exit, shutting down): Hook timed out after 5 seconds`,
      `${HOOK}exit, shutting down): Hook timed out after 5 seconds; the exporter ends`,
    ],
    [BEFORE_LEASE_HOOK_FAILED, "", `beforeLease hook failed; ${MENDED}`],
    [OFFLINE, "Exporter shutting down", "the exporter is going offline: Exporter shutting down"],
    [OFFLINE, "", "the exporter is going offline"],
  ];

Deno.test("a state says why there is no board, or what went wrong on the way to it [exporter 48]", () => {
  for (const [status, message, failure, warning] of states) {
    const state = { status, message, version: 1 };
    assert.equal(failureOf(state)?.message, failure);
    assert.equal(warningOf(state), warning);
  }
});
