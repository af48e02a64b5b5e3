import assert from "node:assert/strict";
import { ExporterStatus } from "@jumpstarter/proto";
import type { StatusName } from "../rpc/status.ts";
import { type ExporterState, UNTOLD } from "./exporter_state.ts";
import { afterPoll, type Answer, type Findings, NOTHING_FOUND, pollDelay } from "./polling.ts";

const { LEASE_READY, BEFORE_LEASE_HOOK } = ExporterStatus;
const at = (status: ExporterStatus): ExporterState => ({ status, message: "", version: 1 });
const ready = at(LEASE_READY);
const failure = (status: StatusName): Answer => ({ kind: "failure", status });
const late = failure("DEADLINE_EXCEEDED");

function times(count: number, answer: Answer): Answer[] {
  return Array.from({ length: count }, () => answer);
}

/** What exporters answer, and what is found out by it. */
const polls: [what: string, Answer[], Findings][] = [
  ["a state", [{ kind: "state", state: ready }], { state: ready, unanswered: 0 }],
  ["an exporter that is too old to tell", [failure("UNIMPLEMENTED")], {
    state: UNTOLD,
    unanswered: 0,
    end: "untold",
  }],
  ["19 polls without an answer", times(19, late), { unanswered: 19 }],
  ["20 polls without an answer", times(20, late), { unanswered: 20, end: "gone" }],
  [
    "an answer among polls without one",
    [...times(19, late), { kind: "state", state: ready }, ...times(19, late)],
    { state: ready, unanswered: 19 },
  ],
  ["another failure among them", [...times(19, late), failure("UNAVAILABLE"), late], {
    unanswered: 1,
  }],
  ["an exporter that cannot be reached", times(50, failure("UNAVAILABLE")), { unanswered: 0 }],
  ["a passphrase that is not right any more", [failure("UNAUTHENTICATED")], {
    unanswered: 0,
    end: "refused",
  }],
];

for (const [what, answers, found] of polls) {
  Deno.test(`afterPoll() makes what it should of ${what} [client 106]`, () => {
    assert.deepEqual(answers.reduce(afterPoll, NOTHING_FOUND), found);
  });
}

/** Milliseconds to the next poll. */
const delays: [Findings, isAwaited: boolean, isCalm: boolean, number | undefined][] = [
  [NOTHING_FOUND, false, false, 300],
  [NOTHING_FOUND, true, false, 100],
  [{ state: ready, unanswered: 0 }, false, false, 300],
  [{ state: ready, unanswered: 0 }, false, true, 5_000],
  [{ state: ready, unanswered: 0 }, true, true, 100],
  [{ state: at(BEFORE_LEASE_HOOK), unanswered: 0 }, false, true, 300],
  [{ state: UNTOLD, unanswered: 0, end: "untold" }, true, false, undefined],
];

Deno.test("pollDelay() is short while somebody waits, and long while nothing is to happen", () => {
  for (const [findings, isAwaited, isCalm, expected] of delays) {
    assert.equal(pollDelay(findings, { isAwaited, isCalm }), expected);
  }
});
