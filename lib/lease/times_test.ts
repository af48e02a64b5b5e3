import assert from "node:assert/strict";
import type { Lease } from "./objects.ts";
import {
  changeTimes,
  completeTimes,
  effectiveTimes,
  endIfBegun,
  formatTime,
  type TimeFields,
} from "./times.ts";

const REQUIRED = "duration is required (must specify Duration, or both BeginTime and EndTime)";
const CONFLICT = /^UsageError: duration conflicts with begin_time and end_time/;

Deno.test("two of begin, end and duration give the third [controller 37]", () => {
  const complete: [TimeFields, TimeFields][] = [
    [{ duration: 5 }, { duration: 5 }],
    [{ begin: 10, duration: 5 }, { begin: 10, duration: 5 }],
    [{ begin: 10, end: 15 }, { begin: 10, end: 15, duration: 5 }],
    [{ end: 15, duration: 5 }, { begin: 10, end: 15, duration: 5 }],
    [{ begin: 10, end: 15, duration: 5 }, { begin: 10, end: 15, duration: 5 }],
    [{ begin: 10, end: 15, duration: 0 }, { begin: 10, end: 15, duration: 5 }],
    [{ begin: 10, end: 15, duration: -1 }, { begin: 10, end: 15, duration: 5 }],
  ];
  for (const [given, expected] of complete) assert.deepEqual(completeTimes(given), expected);
});

Deno.test("times that say too little, or contradict each other, are refused [controller 39, 40]", () => {
  const positive = (got: string) => `duration must be positive, got ${got}`;
  const refused: [TimeFields, string | RegExp][] = [
    [{}, REQUIRED],
    [{ begin: 1 }, REQUIRED],
    [{ end: 1 }, REQUIRED],
    [{ begin: 10_000, end: 15_000, duration: 6000 }, CONFLICT],
    [{ begin: 15_000, end: 10_000 }, positive("-5s")],
    [{ begin: 10_000, end: 10_000 }, positive("0s")],
    [{ duration: 0 }, positive("0s")],
    [{ duration: -1_800_000 }, positive("-30m0s")],
    [{ end: 10_000, duration: -1000 }, positive("-1s")],
    [{ begin: 10_000, duration: -1000 }, positive("-1s")],
    [{ duration: NaN }, /must be positive/],
    [
      { duration: 1e16 },
      "duration must be at most 292 years (2562047h47m16.854s), got 2777777777h46m40s",
    ],
    [{ begin: 0, end: 1e16 }, /at most 292 years/],
  ];
  for (const [given, message] of refused) {
    assert.throws(
      () => completeTimes(given),
      typeof message === "string" ? { name: "UsageError", message } : message,
    );
  }
});

const BEGIN = Date.parse("2026-01-31T12:00:00Z");
const HOUR = 3_600_000;

function leaseWith(times: Partial<Lease["spec"]>, isAssigned = false): Lease {
  return {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "Lease",
    metadata: { name: "l" },
    spec: { clientRef: { name: "c" }, selector: {}, ...times },
    ...isAssigned && { status: { ended: false, exporterRef: { name: "e" } } },
  };
}

const timesOf = ({ beginTime, endTime, duration }: Lease["spec"]) => [beginTime, endTime, duration];
const full = {
  beginTime: "2026-01-31T12:00:00Z",
  endTime: "2026-01-31T13:00:00Z",
  duration: "1h0m0s",
};

Deno.test("what is asked for replaces what is stored, and the rest stays", () => {
  const plain = leaseWith({ duration: "1h0m0s" }, true);
  assert.deepEqual(timesOf(changeTimes(plain, { duration: 2 * HOUR })), [
    undefined,
    undefined,
    "2h0m0s",
  ]);
  const longer = { duration: 2 * HOUR, end: BEGIN + 2 * HOUR };
  assert.deepEqual(timesOf(changeTimes(leaseWith(full, true), longer)), [
    full.beginTime,
    "2026-01-31T14:00:00Z",
    "2h0m0s",
  ]);
  assert.equal(changeTimes(plain, {}), plain.spec);
});

Deno.test("a change must make sense by itself and with what is stored", () => {
  const lease = leaseWith(full);
  assert.throws(() => changeTimes(lease, { end: BEGIN }), { message: REQUIRED });
  assert.throws(() => changeTimes(lease, { begin: BEGIN }), { message: REQUIRED });
  assert.throws(() => changeTimes(lease, { duration: 2 * HOUR }), CONFLICT);
  const other = { begin: BEGIN, end: BEGIN + 2 * HOUR };
  assert.throws(() => changeTimes(leaseWith({ duration: "1h0m0s" }), other), CONFLICT);
});

Deno.test("the begin of a lease that has begun stays where it is", () => {
  const started = { message: "cannot update BeginTime: lease has already started" };
  const lease = leaseWith({ beginTime: full.beginTime, duration: "1h0m0s" }, true);
  assert.throws(() => changeTimes(lease, { begin: BEGIN + 1, duration: HOUR }), started);
  const unplanned = leaseWith({ duration: "1h0m0s" }, true);
  assert.throws(() => changeTimes(unplanned, { begin: BEGIN, duration: HOUR }), started);
  const same = changeTimes(lease, { begin: BEGIN, duration: 2 * HOUR });
  assert.deepEqual(timesOf(same), [full.beginTime, undefined, "2h0m0s"]);
  const scheduled = leaseWith({ beginTime: full.beginTime, duration: "1h0m0s" });
  const moved = changeTimes(scheduled, { begin: BEGIN + 1, duration: HOUR });
  assert.deepEqual(timesOf(moved), ["2026-01-31T12:00:00.001Z", undefined, "1h0m0s"]);
});

Deno.test("an absurd duration in the store counts as the longest there is", () => {
  for (const duration of ["2777777777h46m40s", `${"9".repeat(400)}h`]) {
    const spec = leaseWith({ duration }).spec;
    const end = BEGIN + 9_223_372_036_854;
    assert.equal(endIfBegun(spec, BEGIN), end);
    assert.equal(formatTime(endIfBegun(spec, 8.64e15)), "+275760-09-13T00:00:00Z");
  }
});

Deno.test("clients see how long a lease has been theirs [controller 48]", () => {
  const lease = leaseWith({ duration: "1h0m0s" });
  const seen = (status: Partial<Lease["status"]>) =>
    effectiveTimes({ ...lease, status: { ended: false, ...status } }, BEGIN + 5000);
  const begin = formatTime(BEGIN);
  assert.deepEqual(effectiveTimes(lease, BEGIN), {});
  assert.deepEqual(seen({ endTime: begin }), {});
  assert.deepEqual(seen({ beginTime: begin }), { begin: BEGIN, duration: 5000 });
  assert.deepEqual(seen({ beginTime: formatTime(BEGIN + 9000) }), {
    begin: BEGIN + 9000,
    duration: 0,
  });
  const end = formatTime(BEGIN + 3000);
  assert.deepEqual(seen({ beginTime: begin, endTime: end }), {
    begin: BEGIN,
    end: BEGIN + 3000,
    duration: 3000,
  });
});
