import assert from "node:assert/strict";
import { LabWorld } from "../../tests/model/lab_world.ts";
import { leaseState } from "./lease_state.ts";
import { ENDED_LABEL, type LeaseSpec } from "./objects.ts";
import { formatTime } from "./times.ts";

const SECOND = 1000;
const READY = "Ready=True/Ready";
const pinned = { exporterRef: { name: "e1" } };

/** A lab with one exporter `e1`, ready for a lease. */
function lab(): LabWorld {
  const lab = new LabWorld();
  lab.setClient("c");
  lab.setExporter("e1");
  return lab;
}

function change(lab: LabWorld, name: string, spec: Partial<LeaseSpec>): void {
  lab.changeSpec(lab.lease(name), { ...lab.lease(name).spec, ...spec });
}

Deno.test("a lease begins when it has its exporter, and belongs to it [controller 35]", () => {
  const world = lab();
  world.addLease("l", { ...pinned, duration: "2s" });
  assert.deepEqual(world.settle(), ["granted l"]);
  const { spec, status, metadata } = world.lease("l");
  assert.equal(spec.beginTime, undefined);
  assert.equal(spec.endTime, undefined);
  assert.equal(status?.beginTime, formatTime(world.now));
  assert.deepEqual(status?.conditions, [{
    type: "Ready",
    status: "True",
    reason: "Ready",
    message: "An exporter has been acquired for the client",
    lastTransitionTime: formatTime(world.now),
    observedGeneration: 1,
  }]);
  assert.deepEqual(metadata.ownerReferences, [{
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "Exporter",
    name: "e1",
    uid: world.exporters.get("e1")?.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }]);
  assert.equal(world.decide().next, world.now + 2 * SECOND);
});

Deno.test("a lease expires, keeps its exporter as a record, and is marked", () => {
  const world = lab();
  world.addLease("l", { ...pinned, duration: "100ms" });
  world.settle();
  assert.deepEqual(world.settle(world.now + 99), []);
  assert.deepEqual(world.settle(world.now + 1), ["ended l"]);
  assert.equal(world.story("l"), "e1 ended Ready=False/Expired");
  assert.equal(world.lease("l").metadata.labels?.[ENDED_LABEL], "true");
  assert.equal(world.lease("l").status?.endTime, formatTime(world.now));
});

Deno.test("the next lease gets the exporter when one expires [controller 17, 18]", () => {
  const world = lab();
  world.addLease("l1", { ...pinned, duration: "2s" });
  world.addLease("l2", pinned);
  assert.deepEqual(world.settle(), ["granted l1", "told l2"]);
  assert.equal(world.story("l2"), "- Pending=True/NotAvailable");
  assert.match(world.message("l2"), /but all of them are already leased$/);
  assert.deepEqual(world.settle(world.now + 2 * SECOND), ["ended l1", "granted l2"]);
  assert.equal(world.story("l2"), `e1 Pending=True/NotAvailable ${READY}`);
});

Deno.test("a lease of an absurd duration stops nobody else's", () => {
  const world = lab();
  world.addLease("absurd", { ...pinned, duration: "2777777777h46m40s" });
  world.addLease("next", pinned);
  world.setExporter("e2");
  world.addLease("other", { exporterRef: { name: "e2" } });
  assert.deepEqual(world.settle(), ["granted absurd", "granted other", "told next"]);
  assert.match(world.message("next"), /^1st of 1 in line, expected by 2\d{3}-/);
});

Deno.test("a release ends a lease at any point", () => {
  const world = lab();
  world.addLease("active", pinned);
  world.addLease("waiting", pinned);
  world.addLease("scheduled", { ...pinned, beginTime: formatTime(world.now + 9 * SECOND) });
  world.settle();
  for (const name of ["scheduled", "waiting", "active"]) change(world, name, { release: true });
  world.settle();
  assert.equal(world.story("active"), "e1 ended Ready=False/Released");
  assert.equal(world.story("waiting"), "- ended Pending=True/NotAvailable Ready=False/Released");
  assert.equal(world.story("scheduled"), "- ended Ready=False/Released");
});

Deno.test("a lease waits for an exporter to appear, and to be ready [controller 31]", () => {
  const world = lab();
  world.setExporter("e1", { isOnline: false });
  world.addLease("l", pinned);
  world.settle();
  world.setExporter("e1", { status: "AfterLeaseHook" });
  world.settle();
  world.setExporter("e1", {});
  assert.equal(world.story("l"), "- Pending=True/NotReady");
  assert.deepEqual(world.settle(world.now + 5 * SECOND), ["granted l"]);
});

Deno.test("a lease is told when its exporter goes offline, and keeps it", () => {
  const world = lab();
  world.addLease("l", pinned);
  world.settle();
  world.setExporter("e1", { isOnline: false });
  assert.deepEqual(world.settle(), ["told l"]);
  assert.equal(world.story("l"), `e1 ${READY}`);
  assert.match(world.message("l"), /exporter e1 is offline/);
  world.setExporter("e1", { status: "LeaseReady" });
  assert.deepEqual(world.settle(), ["told l"]);
  assert.match(world.message("l"), /has been acquired/);
});

Deno.test("the mark of an ended lease is put back, and nothing else is done [controller 32]", () => {
  const world = lab();
  world.addLease("l", { exporterRef: { name: "x" } });
  world.settle();
  const ended = world.lease("l");
  assert.deepEqual(world.settle(world.now + SECOND), []);
  world.stored.set("l", { ...ended, metadata: { ...ended.metadata, labels: {} } });
  assert.deepEqual(world.settle(), ["recorded l"]);
  assert.deepEqual(world.lease("l"), ended);
});

Deno.test("a mark by hand does not hide a lease that goes on", () => {
  const world = lab();
  world.addLease("l", pinned);
  const lease = world.lease("l");
  world.stored.set("l", {
    ...lease,
    metadata: { ...lease.metadata, labels: { [ENDED_LABEL]: "true" } },
  });
  world.settle();
  assert.equal(world.story("l"), `e1 ${READY}`);
  assert.deepEqual(world.lease("l").metadata.labels, {});
});

Deno.test("a lease that waits is looked at again, ever more rarely [controller 15, 30]", () => {
  const world = lab();
  world.setExporter("e1", { status: "AfterLeaseHook" });
  world.addLease("l", pinned);
  world.settle();
  const begin = world.now;
  for (
    const [waited, delay] of [
      [0, 1],
      [0.5, 1],
      [1.5, 2],
      [3, 4],
      [6, 8],
      [12, 16],
      [25, 30],
      [300, 30],
    ] as const
  ) {
    const now = begin + waited * SECOND;
    assert.equal(world.decide(now).recheck, now + delay * SECOND, `${waited} s`);
  }
});

Deno.test("leases that wait long do not keep a new one waiting [controller 29]", () => {
  const world = lab();
  world.setExporter("gone", { isOnline: false });
  for (let number = 0; number < 5; number++) {
    world.addLease(`old${number}`, { exporterRef: { name: "gone" } });
  }
  world.settle();
  world.settle(world.now + 60 * SECOND);
  const delay = world.decide().recheck! - world.now;
  assert.ok(delay > SECOND && delay <= 30 * SECOND, String(delay));
  world.addLease("new", pinned);
  assert.deepEqual(world.settle(), ["granted new"]);
});

type Times = Pick<LeaseSpec, "beginTime" | "endTime" | "duration">;

/** A lease's times in seconds from now, and what is decided at some later seconds. */
type TimeRow = readonly [
  what: string,
  times: { begin?: number; end?: number; duration?: number },
  decided: Readonly<Record<number, string>>,
];

const TIMES: readonly TimeRow[] = [
  [
    "begins and ends at its times [controller 36]",
    { begin: 1, duration: 1 },
    { 0: "told", 0.999: "", 1: "granted", 1.999: "", 2: "ended" },
  ],
  [
    "begins at once where its begin is past [controller 38]",
    { begin: -5, end: 5, duration: 10 },
    { 0: "granted", 4.999: "", 5: "ended" },
  ],
  ["with an end only begins at once [controller 41]", { end: 3 }, { 0: "granted", 3: "ended" }],
  ["ends at its end before its duration [controller 42]", { end: 1, duration: 10 }, {
    0: "granted",
    1: "ended",
  }],
  ["with a begin in the past ends at its end [controller 43]", { begin: -5, end: 5 }, {
    0: "granted",
    4.999: "",
    5: "ended",
  }],
];

function timesFrom(now: number, { begin, end, duration }: TimeRow[1]): Times {
  const at = (seconds: number) => formatTime(now + seconds * SECOND);
  return {
    ...begin !== undefined && { beginTime: at(begin) },
    ...end !== undefined && { endTime: at(end) },
    ...duration !== undefined && { duration: `${duration}s` },
  };
}

for (const [what, times, decided] of TIMES) {
  Deno.test(`a lease ${what}`, () => {
    const world = lab();
    const start = world.now;
    world.addLease("l", { ...pinned, ...timesFrom(start, times) });
    for (const [seconds, expected] of Object.entries(decided)) {
      const done = world.settle(start + Number(seconds) * SECOND).join();
      assert.equal(done, expected && `${expected} l`, `at ${seconds} s`);
    }
  });
}

Deno.test("a lease whose time is over is granted and ended in one go [controller 41, 44]", () => {
  for (const times of [{ end: -1 }, { begin: -2, duration: 1 }, { duration: 0 }]) {
    const world = lab();
    world.addLease("l", { ...pinned, ...timesFrom(world.now, times) });
    world.addLease("other", pinned);
    world.settle();
    assert.equal(world.story("l"), "e1 ended Ready=False/Expired");
    assert.equal(world.lease("l").status?.beginTime, formatTime(world.now));
    assert.equal(world.story("other"), `e1 ${READY}`);
  }
});

Deno.test("a lease whose time passes while it waits ends without an exporter", () => {
  const world = lab();
  world.setExporter("e1", { isOnline: false });
  world.addLease("l", { ...pinned, ...timesFrom(world.now, { end: 3 }) });
  world.settle();
  assert.equal(world.decide().next, world.now + 3 * SECOND);
  world.settle(world.now + 3 * SECOND);
  assert.equal(world.story("l"), "- ended Pending=True/Offline Ready=False/Expired");
});

Deno.test("a scheduled lease that is released or deleted is never assigned [controller 45]", () => {
  const world = lab();
  for (const name of ["released", "deleted"]) {
    world.addLease(name, { ...pinned, ...timesFrom(world.now, { begin: 5, duration: 5 }) });
  }
  assert.deepEqual(world.settle(), ["told released", "told deleted"]);
  assert.deepEqual(world.lease("released").status, { ended: false, conditions: [] });
  assert.equal(leaseState(world.lease("released"), world.now), "scheduled");
  change(world, "released", { release: true });
  world.stored.delete("deleted");
  world.settle();
  assert.deepEqual(world.settle(world.now + 10 * SECOND), []);
  assert.equal(world.story("released"), "- ended Ready=False/Released");
});

Deno.test("a scheduled lease waits for its own begin, whoever leaves early [controller 46]", () => {
  const world = lab();
  const start = world.now;
  world.addLease("l1", { ...pinned, ...timesFrom(start, { begin: 1, duration: 10 }) });
  world.addLease("l2", { ...pinned, ...timesFrom(start, { begin: 3, duration: 10 }) });
  assert.deepEqual(world.settle(start + SECOND), ["granted l1", "told l2"]);
  change(world, "l1", { release: true });
  assert.deepEqual(world.settle(start + 2 * SECOND), ["ended l1"]);
  assert.equal(world.decide().next, start + 3 * SECOND);
  assert.deepEqual(world.settle(start + 3 * SECOND), ["granted l2"]);
});

Deno.test("a begin that is moved into the past counts at once [controller 47]", () => {
  const world = lab();
  world.addLease("l", { ...pinned, ...timesFrom(world.now, { begin: 60, duration: 60 }) });
  assert.deepEqual(world.settle(), ["told l"]);
  change(world, "l", timesFrom(world.now, { begin: -1 }));
  assert.deepEqual(world.settle(), ["granted l"]);
});

Deno.test("an active lease ends when its times say so now [controller 49]", () => {
  const world = lab();
  const start = world.now;
  world.addLease("later", { ...pinned, ...timesFrom(start, { end: 5 }) });
  world.settle();
  change(world, "later", timesFrom(start, { end: 9 }));
  world.settle(start + 5 * SECOND);
  assert.equal(world.story("later"), `e1 ${READY}`);
  assert.deepEqual(world.settle(start + 9 * SECOND), ["ended later"]);

  world.addLease("shorter", { ...pinned, duration: "1h" });
  world.settle();
  change(world, "shorter", { duration: "1s" });
  assert.deepEqual(world.settle(world.now + 2 * SECOND), ["ended shorter"]);
});

Deno.test("every state has its name", () => {
  const world = lab();
  const state = (name: string) => leaseState(world.lease(name), world.now);
  world.addLease("ready", { ...pinned, duration: "2s" });
  world.addLease("waiting", pinned);
  world.addLease("unsatisfiable", { exporterRef: { name: "x" } });
  world.addLease("invalid", {});
  world.addLease("released", { ...pinned, release: true });
  world.settle();
  for (const name of ["ready", "waiting", "unsatisfiable", "invalid", "released"]) {
    assert.equal(state(name), name);
  }
  world.settle(world.now + 2 * SECOND);
  assert.equal(state("ready"), "expired");
});

Deno.test("times pending, scheduled, active and over go on after a restart [controller 132]", () => {
  const world = lab();
  const start = world.now;
  world.setExporter("e2");
  world.setExporter("e3", { isOnline: false });
  world.addLease("active", { ...pinned, duration: "1h" });
  world.addLease("over", { exporterRef: { name: "e2" }, duration: "10s" });
  world.addLease("pending", { exporterRef: { name: "e3" } });
  world.addLease("scheduled", {
    exporterRef: { name: "e2" },
    ...timesFrom(start, { begin: 20, duration: 60 }),
  });
  world.settle();
  world.setExporter("e3");
  assert.deepEqual(world.settle(start + 30 * SECOND), [
    "ended over",
    "granted pending",
    "granted scheduled",
  ]);
  assert.equal(world.story("active"), `e1 ${READY}`);
});
