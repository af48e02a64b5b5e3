import assert from "node:assert/strict";
import { type Device, LabWorld, OPTIONS } from "../../tests/model/lab_world.ts";
import type { LeaseSpec } from "./objects.ts";
import { parsePlace } from "./place.ts";
import { formatTime } from "./times.ts";

const MINUTE = 60_000;
const A = { labels: { board: "a" } };
const anyA: Partial<LeaseSpec> = { selector: { matchLabels: { board: "a" } } };
const pin = (name: string): Partial<LeaseSpec> => ({ exporterRef: { name } });

/** A lab where clients of team `red` have priority 10, and the others none. */
function lab(exporters: Record<string, Partial<Device>> = { e1: A }): LabWorld {
  const world = new LabWorld();
  world.setClient("c");
  world.setClient("vip", { team: "red" });
  for (const [name, device] of Object.entries(exporters)) world.setExporter(name, device);
  world.addPolicy("all", {
    policies: [
      { from: [{ clientSelector: {} }] },
      { from: [{ clientSelector: { matchLabels: { team: "red" } } }], priority: 10 },
    ],
  });
  return world;
}

/** Releases every active lease, in turn, and says who gets an exporter then. */
function turns(world: LabWorld, wait = 0): string[] {
  const order: string[] = [];
  for (;;) {
    const active = [...world.stored.values()]
      .filter(({ status }) => status?.exporterRef && !status.ended);
    for (const lease of active) world.changeSpec(lease, { ...lease.spec, release: true });
    const granted = world.settle(world.now + wait).filter((done) => done.startsWith("granted"));
    if (granted.length === 0) return order;
    order.push(...granted.map((done) => done.replace("granted ", "")));
  }
}

Deno.test("those who wait are served by priority, then age, then name", () => {
  const world = lab();
  world.addLease("holder", anyA);
  world.settle();
  world.addLease("b", anyA);
  world.addLease("a", anyA);
  world.settle(world.now + 1000);
  world.addLease("young", anyA);
  world.addLease("urgent", { ...anyA, clientRef: { name: "vip" } });
  world.settle(world.now + 1000);
  assert.deepEqual(turns(world), ["urgent", "a", "b", "young"]);
});

Deno.test("who has waited too long goes before higher priorities, so that nobody starves", () => {
  const world = lab();
  world.addLease("holder", { ...anyA, duration: "24h" });
  world.settle();
  world.addLease("patient", anyA);
  world.settle();
  world.settle(world.now + OPTIONS.patience - 1000);
  for (const name of ["v1", "v2"]) world.addLease(name, { ...anyA, clientRef: { name: "vip" } });
  world.settle();
  assert.equal(parsePlace(world.message("patient"))?.turn, 3);
  assert.equal(world.decide().next, world.now + 1000);
  world.settle(world.now + 1000);
  assert.equal(parsePlace(world.message("patient"))?.turn, 1);
  assert.deepEqual(turns(world), ["patient", "v1", "v2"]);
});

Deno.test("whoever has priority on one exporter only waits its turn on the others", () => {
  const world = lab({ e1: A, e2: { labels: { board: "a", fast: "1" } } });
  world.policies = [];
  world.addPolicy("all", { policies: [{ from: [{}] }] });
  world.addPolicy("fast", {
    exporterSelector: { matchLabels: { fast: "1" } },
    policies: [{ from: [{ clientSelector: { matchLabels: { team: "red" } } }], priority: 5 }],
  });
  world.addLease("old", anyA);
  world.addLease("vip", { ...anyA, clientRef: { name: "vip" } });
  world.settle();
  assert.equal(world.story("vip"), "e2 Ready=True/Ready");
  assert.equal(world.story("old"), "e1 Ready=True/Ready");
});

Deno.test("everyone is told their place, and when their turn comes at the latest", () => {
  const world = lab({ e1: A, e2: { ...A, isOnline: false }, e3: {} });
  world.addLease("holder", { ...anyA, duration: "10m" });
  world.settle();
  world.addLease("l1", { ...anyA, duration: "5m" });
  world.addLease("l2", anyA);
  world.addLease("elsewhere", pin("e3"));
  world.addLease("offline", pin("e2"));
  world.settle();
  const place = (name: string) => parsePlace(world.message(name));
  const start = world.now;
  assert.deepEqual(place("l1"), { turn: 1, of: 3, by: start + 10 * MINUTE });
  assert.deepEqual(place("l2"), { turn: 2, of: 3, by: start + 15 * MINUTE });
  assert.deepEqual(place("offline"), { turn: 3, of: 3 });
  assert.equal(world.story("elsewhere"), "e3 Ready=True/Ready");
  assert.match(
    world.message("l2"),
    /^2nd of 3 in line, expected by 2026-01-31T12:15Z: there is 1 /,
  );

  assert.deepEqual(world.settle(start + MINUTE), [], "the texts stay while nothing happens");
  const holder = world.lease("holder");
  world.changeSpec(holder, { ...holder.spec, release: true });
  world.settle();
  assert.deepEqual(place("l2"), { turn: 1, of: 2, by: start + 6 * MINUTE });
});

/** A lease that is to begin in some minutes. */
const soon = (world: LabWorld, minutes: number, spec: Partial<LeaseSpec>): Partial<LeaseSpec> => ({
  ...spec,
  beginTime: formatTime(world.now + minutes * MINUTE),
});

Deno.test("a scheduled lease keeps an exporter from others when its begin nears", () => {
  const world = lab();
  world.addLease("booked", soon(world, 10, anyA));
  world.settle();
  assert.equal(world.decide().next, world.now + 10 * MINUTE - OPTIONS.hold);
  world.settle(world.now + 6 * MINUTE);
  world.addLease("late", anyA);
  world.addLease("short", { ...anyA, duration: "1m" });
  assert.deepEqual(world.settle(), ["granted short", "told late"]);
  world.settle(world.now + MINUTE);
  assert.equal(
    world.message("late").replace(/.*: (?=exporter)/, ""),
    "exporter e1 is kept for lease booked, which begins at 2026-01-31T12:10:00Z",
  );
  assert.deepEqual(world.settle(world.now + 3 * MINUTE), ["granted booked", "told late"]);
  assert.deepEqual(turns(world), ["late"]);
});

Deno.test("long before its begin, a scheduled lease keeps nothing", () => {
  const world = lab();
  world.addLease("booked", soon(world, 10, anyA));
  world.addLease("early", { ...anyA, duration: "2h" });
  assert.deepEqual(world.settle(), ["granted early", "told booked"]);
});

Deno.test("a scheduled lease makes room where another exporter is left for it", () => {
  const world = lab({ e1: A, e2: A });
  world.addLease("booked", soon(world, 3, anyA));
  world.settle(world.now + 1000);
  world.addLease("l", pin("e1"));
  assert.deepEqual(world.settle(), ["granted l"]);
  world.addLease("other", pin("e2"));
  assert.deepEqual(world.settle(), ["told other"]);
  assert.deepEqual(world.settle(world.now + 3 * MINUTE), ["granted booked", "told other"]);
  assert.equal(world.story("booked"), "e2 Ready=True/Ready");
});

Deno.test("who waited before a lease was scheduled, or goes before it, is served first", () => {
  for (const clientRef of [{ name: "c" }, { name: "vip" }]) {
    const world = lab({ e1: { ...A, isOnline: false } });
    const isUrgent = clientRef.name === "vip";
    if (!isUrgent) world.addLease("l", { ...anyA, clientRef });
    world.settle(world.now + 1000);
    world.addLease("booked", soon(world, 3, anyA));
    if (isUrgent) world.addLease("l", { ...anyA, clientRef });
    world.settle();
    world.setExporter("e1", A);
    assert.deepEqual(world.settle(), ["granted l"]);
  }
});

Deno.test("a scheduled lease without any exporter left is refused at its begin, not before", () => {
  const world = lab();
  world.addLease("booked", soon(world, 3, pin("x")));
  assert.deepEqual(world.settle(), ["told booked"]);
  assert.equal(world.story("booked"), "-");
  world.settle(world.now + 3 * MINUTE);
  assert.equal(world.story("booked"), "- ended Unsatisfiable=True/ExporterNotFound");
});
