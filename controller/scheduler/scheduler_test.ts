import * as assert from "node:assert/strict";
import { conditionOf, ENDED_LABEL } from "@jumpstarter/lib/lease";
import { until } from "../../tests/support/running.ts";
import {
  AlreadyExistsError,
  ConflictError,
  type Draft,
  type Exporter,
  InvalidError,
  type Lease,
  openSqliteStore,
  type Store,
  UnavailableError,
} from "../store/mod.ts";
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

function draft(name: string, spec: Partial<Lease["spec"]> = {}): Draft<Lease> {
  const selector = { matchLabels: { board: "x" } };
  const asked = { clientRef: { name: "c1" }, duration: "1h0m0s", selector, ...spec };
  return { metadata: { namespace: NAMESPACE, name }, spec: asked };
}

const exporterOf = async (store: Store, lease: string) =>
  (await store.leases.get(NAMESPACE, lease)).status?.exporterRef?.name;

/** Everything that happens to leases until it is disposed of, as text. */
function story(store: Store): AsyncDisposable & { readonly lines: string[] } {
  const end = new AbortController();
  const lines: string[] = [];
  const telling = (async () => {
    for await (const event of store.leases.watch({ signal: end.signal })) {
      if (event.type === "BOOKMARK") continue;
      const { metadata: { name }, status } = event.object;
      const state = status?.ended ? "ended" : status?.exporterRef?.name ?? "waits";
      lines.push(`${event.type} ${name} ${status === undefined ? "without status" : state}`);
    }
  })();
  return {
    lines,
    async [Symbol.asyncDispose]() {
      end.abort();
      await telling;
    },
  };
}

Deno.test("a lease is stored with what is decided about it at once, not before", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  const { lines, ...watching } = story(store);
  await using _ = watching;
  const { scheduler } = running;
  const [a, b] = await Promise.all(["a", "b"].map((name) => scheduler.create(draft(name))));
  assert.deepEqual([a, b].map((lease) => lease?.status?.exporterRef?.name), ["e1", undefined]);
  assert.deepEqual(a, await store.leases.get(NAMESPACE, "a"));
  const released = await scheduler.update({ ...a!, spec: { ...a!.spec, release: true } });
  assert.equal(released.status?.ended, true);
  assert.equal(released.metadata.labels?.[ENDED_LABEL], "true");
  await until("b has the exporter", () => lines.length === 4);
  assert.deepEqual(lines, ["ADDED a e1", "ADDED b waits", "MODIFIED a ended", "MODIFIED b e1"]);
});

Deno.test("a change about which nothing is decided is stored as well", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  const lease = await running.scheduler.create(draft("a"));
  const metadata = { ...lease.metadata, labels: { note: "mine" } };
  const noted = await running.scheduler.update({ ...lease, metadata });
  assert.deepEqual(noted.metadata.labels, { note: "mine" });
  assert.deepEqual(noted.status, lease.status);
  assert.deepEqual(await store.leases.get(NAMESPACE, "a"), noted);
});

Deno.test("what cannot be stored is refused, and changes nothing for others", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  const { scheduler } = running;
  await assert.rejects(scheduler.create(draft("No Name")), InvalidError);
  const leases = await Promise.allSettled(
    ["a", "a", "b"].map((name) => scheduler.create(draft(name))),
  );
  assert.deepEqual(leases.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.ok((leases[1] as PromiseRejectedResult).reason instanceof AlreadyExistsError);
  assert.deepEqual([await exporterOf(store, "a"), await exporterOf(store, "b")], ["e1", undefined]);
  const a = await store.leases.get(NAMESPACE, "a");
  await store.leases.patch(NAMESPACE, "a", { spec: { duration: "3h0m0s" } });
  const stale = { ...a, spec: { ...a.spec, release: true } };
  await assert.rejects(scheduler.update(stale), ConflictError);
  assert.equal((await store.leases.get(NAMESPACE, "a")).status?.ended, false);
});

Deno.test("a lease that became another one while its change was proposed is not hidden by it", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  const { scheduler } = running;
  const a = await scheduler.create(draft("a", { clientRef: { name: "nobody" } }));
  const spec = { ...a.spec, duration: "2h0m0s" };
  // Written past the scheduler between the proposal's rehearsal and the round that decides about it.
  const outcomes = await Promise.allSettled([
    scheduler.update({ ...a, spec }),
    store.leases.patch(NAMESPACE, "a", { spec: { release: true } }),
    scheduler.create(draft("b")),
  ]);
  assert.deepEqual(outcomes.map(({ status }) => status).slice(1), ["fulfilled", "fulfilled"]);
  await until("b has the exporter", async () => await exporterOf(store, "b") === "e1");
  assert.equal((await store.leases.get(NAMESPACE, "a")).status?.ended, true);
});

Deno.test("nobody waits for a scheduler that ends", async () => {
  await using store = await openSqliteStore(":memory:");
  const running = await scheduling(store);
  const waiting = assert.rejects(running.scheduler.create(draft("a")), UnavailableError);
  await running[Symbol.asyncDispose]();
  await waiting;
  await assert.rejects(running.scheduler.create(draft("b")), UnavailableError);
});

Deno.test("a lease ends when its time is over, and the next one begins", async () => {
  await using store = await openSqliteStore(":memory:");
  await using running = await scheduling(store);
  await addExporter(store, "e1");
  await running.scheduler.create(draft("a", { duration: "200ms" }));
  await running.scheduler.create(draft("b"));
  assert.equal(await exporterOf(store, "b"), undefined);
  await until("b has the exporter", async () => await exporterOf(store, "b") === "e1");
  const a = await store.leases.get(NAMESPACE, "a");
  assert.equal(conditionOf(a, "Ready")?.reason, "Expired");
});

Deno.test("after a crash between the writes of an end, the label is made up for [controller 133]", async () => {
  await using store = await openSqliteStore(":memory:");
  await addExporter(store, "e1");
  const lease = await store.leases.create(draft("a"));
  const status = { ended: true, exporterRef: { name: "e1" }, endTime: "2026-01-01T00:00:00Z" };
  await store.leases.updateStatus({ ...lease, status });
  await using running = await scheduling(store);
  await running.scheduler.create(draft("b"));
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
    await running.scheduler.create(draft("active"));
    await running.scheduler.create(draft("pending"));
  }
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  await store.leases.create(draft("scheduled", { beginTime: soon }));
  const active = await store.leases.get(NAMESPACE, "active");
  await store.leases.update({
    ...active,
    spec: { ...active.spec, endTime: "2026-01-01T00:00:00Z" },
  });
  await using running = await scheduling(store);
  await running.scheduler.create(draft("late"));
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
  await using _running = await scheduling(store);
  await addExporter(store, "e1");
  // The scheduler decides on the lease as it was; its write meets the release.
  await store.leases.create(draft("a"));
  await store.leases.patch(NAMESPACE, "a", { spec: { release: true } });
  await until("it has ended", async () => {
    const { status } = await store.leases.get(NAMESPACE, "a");
    return status?.ended === true && status.conditions?.at(-1)?.reason === "Released";
  });
});
