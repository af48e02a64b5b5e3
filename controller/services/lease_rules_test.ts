import * as assert from "node:assert/strict";
import { ENDED_LABEL } from "@jumpstarter/lib/lease";
import type { Channel } from "@jumpstarter/lib/rpc";
import { type client as messages, ClientService, type Init } from "@jumpstarter/proto";
import { TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, PARENT, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";
import { toWire } from "./wire_time.ts";

const update = (channel: Channel, lease: Init<messages.Lease>) =>
  channel.unary(ClientService.updateLease, { lease });
const get = (channel: Channel, name: string) => channel.unary(ClientService.getLease, { name });
const after = (seconds: number) => toWire(Date.now() + seconds * 1_000);
const lasting = (seconds: number) => ({ duration: { seconds, nanos: 0 } });

Deno.test("a lease of nothing is refused by the store, too [controller 1]", async () => {
  await using lab = await TestLab.start();
  await lab.client("c1");
  const metadata = { namespace: "lab", name: "l1" };
  const spec = { clientRef: { name: "c1" }, duration: "1h0m0s", selector: {} };
  await assert.rejects(
    lab.store.leases.create({ metadata, spec }),
    /one of selector or exporterRef.name is required/,
  );
});

Deno.test("a lease gets one of those it selects, ends with its time, and leaves a record [controller 5, 6]", async () => {
  await using lab = await TestLab.start();
  await using _e1 = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  await using _e2 = await FakeExporter.start(lab, await lab.exporter("e2", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const duration = { seconds: 0, nanos: 400_000_000 };
  const { name, exporter } = await create(client, { selector: "dut=a", duration });
  assert.match(exporter!, /\/e[12]$/);
  const { status } = await lab.store.leases.get("lab", bare(name));
  assert.ok(status?.beginTime);
  assert.equal((await lab.exporterState(bare(exporter!))).leaseRef?.name, bare(name));
  await until("it has expired", async () => {
    return (await lab.store.leases.get("lab", bare(name))).status?.ended === true;
  });
  const over = await lab.store.leases.get("lab", bare(name));
  assert.equal(over.status?.exporterRef?.name, bare(exporter!));
  await until("its exporter is free", async () => {
    return (await lab.exporterState(bare(exporter!))).leaseRef === undefined;
  });
});

Deno.test("a release ends a lease at once, and frees its exporter [controller 19]", async () => {
  await using lab = await TestLab.start();
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "dut=a" });
  await client.unary(ClientService.deleteLease, { name });
  const { metadata, status } = await lab.store.leases.get("lab", bare(name));
  assert.deepEqual([status?.ended, status?.exporterRef?.name], [true, "e1"]);
  assert.ok(ENDED_LABEL in metadata.labels!);
  await until("the exporter is free", async () => {
    return (await lab.exporterState("e1")).leaseRef === undefined;
  });
});

Deno.test("leases go with their exporter [controller 33]", async () => {
  await using lab = await TestLab.start();
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const over = await create(client, { selector: "dut=a" });
  await client.unary(ClientService.deleteLease, { name: over.name });
  const active = await create(client, { selector: "dut=a" });
  assert.ok(active.exporter);
  await lab.store.exporters.delete("lab", "e1");
  await until("they are gone", async () => (await lab.store.leases.list()).items.length === 0);
});

Deno.test("times are changed only so that they make sense [controller 50, 51, 52]", async () => {
  await using lab = await TestLab.start();
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "dut=a" });
  const { effectiveBeginTime } = await get(client, name);
  const isRequired = /^duration is required/;
  await refused(update(client, { name, endTime: after(60) }), "UNKNOWN", isRequired);
  await refused(update(client, { name, beginTime: after(60) }), "UNKNOWN", isRequired);
  const longer = await update(client, { name, ...lasting(7_200) });
  assert.deepEqual(longer.duration, { seconds: 7_200, nanos: 0 });
  assert.deepEqual(longer.effectiveBeginTime, effectiveBeginTime);
  await refused(
    update(client, { name, beginTime: after(60), ...lasting(60) }),
    "UNKNOWN",
    /^cannot update BeginTime: lease has already started$/,
  );
  const [begin, end] = [Date.now() + 100_000, Date.now() + 200_000].map((time) =>
    toWire(Math.floor(time / 1_000) * 1_000)
  ) as [ReturnType<typeof toWire>, ReturnType<typeof toWire>];
  const scheduled = await create(client, {
    selector: "dut=a",
    duration: undefined,
    beginTime: begin,
    endTime: end,
  });
  const conflict = /^duration conflicts/;
  await refused(update(client, { name: scheduled.name, ...lasting(10) }), "UNKNOWN", conflict);
  const later = toWire((begin.seconds + 50) * 1_000);
  const consistent = { name: scheduled.name, ...lasting(50), endTime: later };
  const changed = await update(client, consistent);
  assert.deepEqual(changed.endTime, later);
});

Deno.test("tags are few, short and plain, as many as are configured [controller 59]", async () => {
  await using lab = await TestLab.start({ settings: { maxTags: 3 } });
  using client = lab.connect(await lab.client("c1"));
  const ask = (tags: Record<string, string>) => create(client, { exporterName: "e1", tags });
  const invalid = (tags: Record<string, string>) =>
    refused(ask(tags), "INVALID_ARGUMENT", /^invalid lease tags: /);
  await invalid({ a: "", b: "", c: "", d: "" });
  await invalid({ ["k".repeat(64)]: "v" });
  await invalid({ k: "v".repeat(64) });
  await invalid({ "bad key!": "v" });
  await invalid({ "a/b": "v" });
  const most = { ["k".repeat(63)]: "v".repeat(63), b: "", c: "" };
  assert.deepEqual({ ...(await ask(most)).tags }, most);
});

Deno.test("tags and context stay as they were, and have bounds [controller 60, 61]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const context = { build: "7" };
  const lease = await create(client, { selector: "dut=a", tags: { a: "b" }, context });
  for (const { context: told } of [lease, await get(client, lease.name)]) {
    assert.deepEqual({ ...told }, context);
  }
  await until("the exporter is told", () => exporter.seen.at(-1)?.leased === true);
  assert.deepEqual({ ...exporter.seen.at(-1)!.context }, context);
  assert.deepEqual({ ...exporter.seen[0]!.context }, {});
  const stored = await lab.store.leases.get("lab", bare(lease.name));
  for (const change of [{ tags: { a: "c" } }, { context: { build: "8" } }]) {
    const changed = { ...stored, spec: { ...stored.spec, ...change } };
    await assert.rejects(lab.store.leases.update(changed), /immutable/);
  }
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, "v"]));
  for (const context of [many, { ["k".repeat(33)]: "v" }, { k: "v".repeat(65) }]) {
    await refused(create(client, { selector: "dut=a", context }), "UNKNOWN", /context/);
  }
});

Deno.test("ten of each are listed in two pages, by name [controller 63]", async () => {
  await using lab = await TestLab.start();
  using client = lab.connect(await lab.client("c1"));
  for (let count = 9; count >= 0; count--) {
    await lab.exporter(`e${count}`);
    await create(client, { exporterName: "none" });
  }
  type Page = { names: string[]; nextPageToken: string };
  const pages = async (list: (pageToken: string) => Promise<Page>) => {
    const first = await list("");
    const second = await list(first.nextPageToken);
    assert.deepEqual([first.names.length, second.names.length], [5, 5]);
    assert.equal(second.nextPageToken, "");
    return [...first.names, ...second.names];
  };
  const named = (items: { name: string }[]) => items.map(({ name }) => name);
  const exporters = await pages(async (pageToken) => {
    const request = { parent: PARENT, pageSize: 5, pageToken };
    const page = await client.unary(ClientService.listExporters, request);
    return { names: named(page.exporters), nextPageToken: page.nextPageToken };
  });
  assert.deepEqual(exporters, exporters.map((_, index) => `${PARENT}/exporters/e${index}`));
  const leases = await pages(async (pageToken) => {
    const request = { parent: PARENT, pageSize: 5, pageToken, onlyActive: false };
    const page = await client.unary(ClientService.listLeases, request);
    return { names: named(page.leases), nextPageToken: page.nextPageToken };
  });
  assert.equal(new Set(leases).size, 10);
  assert.deepEqual(leases, leases.toSorted());
});

Deno.test("everybody of the namespace reads leases and exporters; owners change theirs [controller 67, 68]", async () => {
  await using lab = await TestLab.start();
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using owner = lab.connect(await lab.client("c1"));
  using other = lab.connect(await lab.client("c2"));
  const { name } = await create(owner, { selector: "dut=a" });
  assert.equal((await get(other, name)).client, `${PARENT}/clients/c1`);
  const { leases } = await other.unary(ClientService.listLeases, { parent: PARENT });
  assert.equal(leases.length, 1);
  await other.unary(ClientService.getExporter, { name: `${PARENT}/exporters/e1` });
  await refused(update(other, { name, ...lasting(60) }), "UNKNOWN", /permission denied/);
  const remove = (channel: Channel, name: string) =>
    channel.unary(ClientService.deleteLease, { name });
  await refused(remove(other, name), "UNKNOWN", /permission denied/);
  await remove(owner, name);
  await refused(remove(owner, name), "FAILED_PRECONDITION", /has already been released/);
  const duration = { seconds: 0, nanos: 50_000_000 };
  const short = await create(owner, { selector: "dut=a", duration });
  await until("it has expired", async () => {
    return (await get(owner, short.name)).effectiveEndTime !== undefined;
  });
  await remove(owner, short.name);
});

Deno.test("a lease is handed over only while it is somebody's, to one who is there [controller 69]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using owner = lab.connect(await lab.client("c1"));
  await lab.client("c2");
  const [{ name }, waiting] = [
    await create(owner, { selector: "dut=a" }),
    await create(owner, { selector: "dut=a" }),
  ];
  const give = (name: string, client: string) => update(owner, { name, client });
  const c2 = `${PARENT}/clients/c2`;
  await refused(give(waiting.name, c2), "UNKNOWN", /cannot transfer lease: .*not started/);
  await refused(give(name, "namespaces/other/clients/c2"), "UNKNOWN", /namespace/);
  await refused(give(name, `${PARENT}/clients/c3`), "UNKNOWN", /^target client not found/);
  await give(name, c2);
  await until("the exporter is told", () => exporter.seen.at(-1)?.clientName === "c2");
  await owner.unary(ClientService.deleteLease, { name: waiting.name });
  await refused(give(waiting.name, c2), "UNKNOWN", /cannot transfer lease: /);
});

Deno.test("labels are hidden, and said to go away [controller 71, 72]", async () => {
  const settings = { hiddenLabels: ["pool"], deprecatedLabels: { board: "use b2", old: "" } };
  await using lab = await TestLab.start({ settings });
  const labels = { pool: "p", board: "x", old: "1", shown: "yes" };
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1", labels));
  await lab.exporter("plain");
  using client = lab.connect(await lab.client("c1"));
  const list = async (showHiddenLabels: boolean) => {
    const request = { parent: PARENT, showHiddenLabels };
    return (await client.unary(ClientService.listExporters, request)).exporters;
  };
  const [hidden, plain] = await list(false);
  assert.deepEqual({ ...hidden!.labels }, { "jumpstarter.dev/name": "e1", shown: "yes" });
  assert.deepEqual({ ...hidden!.deprecatedLabels }, { board: "use b2", old: "" });
  assert.deepEqual({ ...plain!.labels }, {});
  const [shown] = await list(true);
  assert.deepEqual({ ...shown!.labels }, { ...labels, "jumpstarter.dev/name": "e1" });
  const lease = await create(client, { selector: "board in (x),pool=p" });
  assert.equal(lease.exporter, `${PARENT}/exporters/e1`);
  assert.deepEqual({ ...lease.deprecatedLabels }, { board: "use b2" });
  assert.deepEqual({ ...(await get(client, lease.name)).deprecatedLabels }, { board: "use b2" });
});

Deno.test("a lease by name has no selector to show [controller 73]", async () => {
  await using lab = await TestLab.start();
  await using _exporter = await FakeExporter.start(lab, await lab.exporter("e1"));
  using client = lab.connect(await lab.client("c1"));
  const lease = await create(client, { exporterName: "e1" });
  assert.deepEqual([lease.selector, lease.exporterName], ["<none>", "e1"]);
});
