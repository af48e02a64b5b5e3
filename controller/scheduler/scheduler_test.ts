import * as assert from "node:assert/strict";
import { conditionOf, ENDED_LABEL } from "@jumpstarter/lib/lease";
import { until } from "../../tests/support/running.ts";
import { type Exporter, type Lease, openSqliteStore, type Store } from "../store/mod.ts";
import { LabView } from "./lab_view.ts";
import { Scheduler } from "./scheduler.ts";

const NAMESPACE = "lab";
const CONDITION = {
  status: "True",
  reason: "Test",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
} as const;

/** Runs a scheduler on a store, as a controller that starts does. */
async function scheduling(store: Store): Promise<AsyncDisposable & { scheduler: Scheduler }> {
  await using stack = new AsyncDisposableStack();
  const view = stack.use(await LabView.open({ store, namespace: NAMESPACE }));
  let failure: unknown;
  view.failed.catch((error) => failure = error);
  const scheduler = stack.use(new Scheduler({ store, view, log: () => {} }));
  stack.defer(() => assert.ifError(failure));
  const running = stack.move();
  return { scheduler, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function addExporter(store: Store, name: string): Promise<Exporter> {
  const metadata = { namespace: NAMESPACE, name, labels: { board: "x" } };
  const exporter = await store.exporters.create({ metadata, spec: {} });
  const conditions = ["Registered", "Online"].map((type) => ({ type, ...CONDITION }));
  const status = { conditions, exporterStatus: "Available" } as const;
  return await store.exporters.updateStatus({ ...exporter, status });
}

async function addLease(
  store: Store,
  name: string,
  spec: Partial<Lease["spec"]> = {},
): Promise<Lease> {
  const selector = { matchLabels: { board: "x" } };
  const asked = { clientRef: { name: "c1" }, duration: "1h0m0s", selector, ...spec };
  return await store.leases.create({ metadata: { namespace: NAMESPACE, name }, spec: asked });
}

const exporterOf = async (store: Store, lease: string) =>
  (await store.leases.get(NAMESPACE, lease)).status?.exporterRef?.name;

Deno.test("what can be decided at once is stored when settle() is done", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  const leases = await Promise.all(["a", "b"].map((name) => addLease(store, name)));
  await Promise.all(leases.map((lease) => running.scheduler.settle(lease)));
  const holders = await Promise.all(["a", "b"].map((name) => exporterOf(store, name)));
  assert.deepEqual(holders.toSorted(), ["e1", undefined]);
});

Deno.test("a lease ends when its time is over, and the next one begins", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  await running.scheduler.settle(await addLease(store, "a", { duration: "200ms" }));
  await running.scheduler.settle(await addLease(store, "b"));
  assert.equal(await exporterOf(store, "b"), undefined);
  await until("b has the exporter", async () => await exporterOf(store, "b") === "e1");
  const a = await store.leases.get(NAMESPACE, "a");
  assert.equal(conditionOf(a, "Ready")?.reason, "Expired");
});

Deno.test("after a crash between the writes of an end, the label is made up for [controller 133]", async () => {
  await using store = await openSqliteStore(":memory:");
  await addExporter(store, "e1");
  const lease = await addLease(store, "a");
  const status = { ended: true, exporterRef: { name: "e1" }, endTime: "2026-01-01T00:00:00Z" };
  await store.leases.updateStatus({ ...lease, status });
  await using running = await scheduling(store);
  await running.scheduler.settle(await addLease(store, "b"));
  assert.equal(await exporterOf(store, "b"), "e1");
  await until("the label is there", async () => {
    const { metadata } = await store.leases.get(NAMESPACE, "a");
    return metadata.labels?.[ENDED_LABEL] === "true";
  });
});

Deno.test("leases of every state go on after a restart [controller 132]", async () => {
  await using store = await openSqliteStore(":memory:");
  await addExporter(store, "e1");
  {
    await using running = await scheduling(store);
    await running.scheduler.settle(await addLease(store, "active"));
    await running.scheduler.settle(await addLease(store, "pending"));
  }
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  await addLease(store, "scheduled", { beginTime: soon });
  const active = await store.leases.get(NAMESPACE, "active");
  await store.leases.update({
    ...active,
    spec: { ...active.spec, endTime: "2026-01-01T00:00:00Z" },
  });
  await using running = await scheduling(store);
  await running.scheduler.settle(await addLease(store, "late"));
  const states = ["active", "pending", "scheduled", "late"].map(async (name) => {
    const { status } = await store.leases.get(NAMESPACE, name);
    return [status?.ended ?? false, status?.exporterRef?.name];
  });
  assert.deepEqual(await Promise.all(states), [
    [true, "e1"],
    [false, "e1"],
    [false, undefined],
    [false, undefined],
  ]);
});

Deno.test("a release that comes in between is honoured [controller 131]", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  const lease = await addLease(store, "a");
  // The scheduler decides on the lease as it was; its write meets the release.
  const settled = running.scheduler.settle(lease);
  const released = store.leases.patch(NAMESPACE, "a", { spec: { release: true } });
  await settled;
  await running.scheduler.settle(await released);
  const { status } = await store.leases.get(NAMESPACE, "a");
  assert.equal(status?.ended, true);
  assert.equal(status?.conditions?.at(-1)?.reason, "Released");
});
