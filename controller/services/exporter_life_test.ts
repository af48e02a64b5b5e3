import * as assert from "node:assert/strict";
import { conditionOf } from "@jumpstarter/lib/lease";
import type { Channel } from "@jumpstarter/lib/rpc";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import { type Member, TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, PARENT, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";

const online = async (lab: TestLab, name = "e1") => {
  const found = conditionOf({ status: await lab.exporterState(name) }, "Online");
  return `${found?.status}/${found?.reason}`;
};

Deno.test("a new exporter has a credential, and was never seen [controller 74]", async () => {
  await using lab = await TestLab.start();
  const { token } = await lab.exporter("e1");
  const { data } = await lab.store.secrets.get("lab", "e1-exporter");
  assert.deepEqual(data, { token: btoa(token) });
  const state = await lab.exporterState("e1");
  assert.equal(state.credential?.name, "e1-exporter");
  assert.equal(state.endpoint, lab.controller.endpoint);
  assert.equal(state.exporterStatus, undefined);
  const seen = conditionOf({ status: state }, "Online");
  assert.deepEqual([seen?.status, seen?.message], ["False", "Never seen"]);
  assert.equal(conditionOf({ status: state }, "Registered")?.status, "False");
});

Deno.test("a credential is what it should be, whatever somebody writes [controller 75, 110]", async () => {
  await using lab = await TestLab.start();
  await lab.exporter("e1");
  const exporter = await lab.store.exporters.get("lab", "e1");
  const credential = { name: "elsewhere" };
  await lab.store.exporters.updateStatus({
    ...exporter,
    status: { ...exporter.status, credential },
  });
  await until("it is named as always", async () => {
    return (await lab.exporterState("e1")).credential?.name === "e1-exporter";
  });
  const secret = await lab.store.secrets.get("lab", "e1-exporter");
  await lab.store.secrets.update({ ...secret, data: { token: btoa("garbage") } });
  await until("it is a token again", async () => {
    return (await lab.tokenOf("Exporter", "e1")).split(".").length === 3;
  });
  using fresh = lab.connect({
    name: "e1",
    kind: "Exporter",
    token: await lab.tokenOf("Exporter", "e1"),
  });
  await fresh.unary(ControllerService.getServiceEndpoints, {});
  await lab.client("c1");
  await lab.store.secrets.delete("lab", "c1-client");
  await until("it is there again", async () => {
    return await lab.tokenOf("Client", "c1").then(() => true, () => false);
  });
  await lab.store.clients.delete("lab", "c1");
  await until("it is gone with its client", async () => {
    return await lab.tokenOf("Client", "c1").then(() => false, () => true);
  });
});

Deno.test("an exporter is what it reports [controller 78]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1"));
  const S = ExporterStatus;
  const reports: [ExporterStatus, string, string][] = [
    [S.AVAILABLE, "Available", "True/StatusReported"],
    [S.LEASE_READY, "LeaseReady", "True/StatusReported"],
    [S.BEFORE_LEASE_HOOK, "BeforeLeaseHook", "True/StatusReported"],
    [S.AFTER_LEASE_HOOK, "AfterLeaseHook", "True/StatusReported"],
    [S.BEFORE_LEASE_HOOK_FAILED, "BeforeLeaseHookFailed", "True/StatusReported"],
    [S.AFTER_LEASE_HOOK_FAILED, "AfterLeaseHookFailed", "True/StatusReported"],
    [S.OFFLINE, "Offline", "False/Offline"],
    [S.UNSPECIFIED, "Unspecified", "False/Offline"],
    [99 as ExporterStatus, "Unspecified", "False/Offline"],
  ];
  for (const [status, stored, condition] of reports) {
    await exporter.report(status);
    const { metadata, status: now } = await lab.store.exporters.get("lab", "e1");
    assert.equal(now?.exporterStatus, stored);
    assert.equal(await online(lab), condition, stored);
    const { observedGeneration } = conditionOf({ status: now! }, "Online")!;
    assert.equal(observedGeneration, metadata.generation);
  }
});

Deno.test("an exporter that unregisters is offline at once, and says why [controller 79]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1"));
  for (const [reason, message] of [["", "Exporter unregistered"], ["lunch", "lunch"]]) {
    await exporter.channel.unary(ControllerService.unregister, { reason: reason! });
    const state = await lab.exporterState("e1");
    assert.deepEqual([state.exporterStatus, state.statusMessage], ["Offline", message]);
    assert.equal(await online(lab), "False/Offline");
    const registered = conditionOf({ status: state }, "Registered");
    assert.deepEqual([registered?.status, registered?.reason], ["False", "Unregister"]);
    assert.ok(registered?.message);
  }
});

Deno.test("an exporter that leaves with its lease is offline at once, and who comes next waits for it [controller 127]", async () => {
  await using lab = await TestLab.start();
  const member = await lab.exporter("e1", { dut: "a" });
  using client = lab.connect(await lab.client("c1"));
  {
    await using exporter = await FakeExporter.start(lab, member);
    await lab.exporterIs("e1", "Available"); // without a lease it stays
    const { name } = await create(client, { selector: "dut=a" });
    await until("it has its lease", () => exporter.seen.some(({ leased }) => leased));
    await client.unary(ClientService.deleteLease, { name });
    await until("it has none", () => exporter.seen.at(-1)?.leased === false);
    await exporter.channel.unary(ControllerService.unregister, { reason: "one lease is enough" });
    assert.equal((await lab.exporterState("e1")).exporterStatus, "Offline");
  }
  const { name } = await create(client, { selector: "dut=a" });
  const waiting = await lab.store.leases.get("lab", bare(name));
  assert.equal(conditionOf(waiting, "Pending")?.reason, "Offline");
  await using _again = await FakeExporter.start(lab, member);
  await until("it is served", async () => {
    return (await lab.store.leases.get("lab", bare(name))).status?.exporterRef?.name === "e1";
  });
});

Deno.test("an exporter of old, which never reports, is online, leased and dialled [controller 28, 80]", async () => {
  await using lab = await TestLab.start();
  const member = await lab.exporter("e1", { dut: "a" });
  using channel = lab.connect(member);
  using client = lab.connect(await lab.client("c1"));
  await channel.unary(ControllerService.register, { reports: [{ uuid: "root", labels: {} }] });
  for (let connection = 0; connection < 2; connection++) {
    const ending = new AbortController();
    const { signal } = ending;
    const told = channel.serverStream(ControllerService.status, {}, { signal });
    assert.equal((await told.next()).value?.leased, false);
    await until("it is online", async () => (await online(lab)).startsWith("True/"));
    const { name, exporter } = await create(client, { selector: "dut=a" });
    assert.ok(exporter);
    assert.equal((await told.next()).value?.leased, true);
    const leaseName = bare(name);
    const dial = (timeout: number) =>
      client.unary(ControllerService.dial, { leaseName }, { timeout });
    // It cannot tell that it has begun, so the dial waits until it listens.
    await refused(dial(300), "DEADLINE_EXCEEDED", /./);
    // The connection keeps the order: by the answer, the controller knows that nobody dials.
    await client.unary(ClientService.getLease, { name });
    const dialled = dial(5_000);
    const tickets = channel.serverStream(ControllerService.listen, { leaseName }, { signal });
    assert.deepEqual((await tickets.next()).value, await dialled);
    await client.unary(ClientService.deleteLease, { name });
    assert.equal((await told.next()).value?.leased, false);
    assert.ok((await online(lab)).startsWith("True/"));
    assert.equal((await lab.exporterState("e1")).exporterStatus, undefined);
    ending.abort();
    for (const stream of [told, tickets]) await stream.next().catch(() => {});
  }
});

Deno.test("an exporter is told of each change of its lease once [controller 81]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const sees = (count: number) => until(`${count} are told`, () => exporter.seen.length === count);
  await sees(1);
  const released = await create(client, { selector: "dut=a" });
  await sees(2);
  await client.unary(ClientService.deleteLease, { name: released.name });
  await sees(3);
  const duration = { seconds: 0, nanos: 300_000_000 };
  const expired = await create(client, { selector: "dut=a", duration });
  await sees(5);
  const deleted = await create(client, { selector: "dut=a" });
  await sees(6);
  await exporter.report(ExporterStatus.LEASE_READY); // which changes nothing about the lease
  await lab.store.leases.delete("lab", bare(deleted.name));
  await sees(7);
  assert.deepEqual(
    exporter.seen.map(({ leaseName, clientName }) => [leaseName, clientName]),
    [undefined, released, undefined, expired, undefined, deleted, undefined].map((lease) =>
      lease === undefined ? [undefined, undefined] : [bare(lease.name), "c1"]
    ),
  );
});

Deno.test("an exporter asks for the end of its lease with a status, or does not have one [controller 82]", async () => {
  await using lab = await TestLab.start();
  const member = await lab.exporter("e1", { dut: "a" });
  await using e1 = await FakeExporter.start(lab, member);
  await using e2 = await FakeExporter.start(lab, await lab.exporter("e2", { dut: "b" }));
  using client = lab.connect(await lab.client("c1"));
  const release = ({ channel }: FakeExporter) =>
    channel.unary(ControllerService.reportStatus, {
      status: ExporterStatus.AVAILABLE,
      releaseLease: true,
    });
  await release(e1);
  const { name } = await create(client, { selector: "dut=a" });
  await release(e2);
  const before = await lab.store.leases.get("lab", bare(name));
  assert.notEqual(before.spec.release, true);
  await release(e1);
  const ended = await lab.store.leases.get("lab", bare(name));
  assert.equal(ended.spec.release, true);
  await release(e1);
  const again = await lab.store.leases.get("lab", bare(name));
  assert.equal(again.metadata.resourceVersion, ended.metadata.resourceVersion);
});

Deno.test("who disables an exporter leaves its lease alone [controller 84]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "dut=a" });
  await exporter.report(ExporterStatus.LEASE_READY);
  const object = await lab.store.exporters.get("lab", "e1");
  await lab.store.exporters.update({ ...object, spec: { ...object.spec, enabled: false } });
  const lease = await client.unary(ClientService.getLease, { name });
  assert.equal(lease.effectiveEndTime, undefined);
  const ending = new AbortController();
  const next = exporter.listen(bare(name), ending.signal).next();
  await until(
    "it is dialled",
    () =>
      client.unary(ControllerService.dial, { leaseName: bare(name) }).then(() => true, () => false),
  );
  await next;
  ending.abort();
});

Deno.test("who listens holds the lease [controller 95]", async () => {
  await using lab = await TestLab.start();
  await using e1 = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  await using e2 = await FakeExporter.start(lab, await lab.exporter("e2", { dut: "b" }));
  using client = lab.connect(await lab.client("c1"));
  const [held, waiting] = [
    await create(client, { selector: "dut=a" }),
    await create(client, { selector: "dut=a" }),
  ];
  const { signal } = new AbortController();
  await refused(e2.listen(bare(held.name), signal), "UNKNOWN", /permission denied/);
  await refused(e1.listen(bare(waiting.name), signal), "UNKNOWN", /permission denied/);
  await refused(e1.listen("", signal), "UNKNOWN", /^empty lease name$/);
});

Deno.test("a dial goes by what the exporter does [controller 96, 97]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const leaseName = bare((await create(client, { selector: "dut=a" })).name);
  const ending = new AbortController();
  const listening = (async () => {
    const tickets = [];
    try {
      for await (const ticket of exporter.listen(leaseName, ending.signal)) tickets.push(ticket);
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
    return tickets;
  })();
  const dial = (timeout = 5_000) =>
    client.unary(ControllerService.dial, { leaseName }, { timeout });
  await exporter.report(ExporterStatus.LEASE_READY);
  await until("it is dialled", () => dial().then(() => true, () => false));
  const { BEFORE_LEASE_HOOK, AFTER_LEASE_HOOK, UNSPECIFIED } = ExporterStatus;
  for (const status of [BEFORE_LEASE_HOOK, AFTER_LEASE_HOOK, UNSPECIFIED]) {
    await exporter.report(status);
    await dial();
  }
  const refusals: [ExporterStatus, RegExp][] = [
    [ExporterStatus.OFFLINE, /^exporter is offline$/],
    [ExporterStatus.BEFORE_LEASE_HOOK_FAILED, /^exporter beforeLease hook failed$/],
    [ExporterStatus.AFTER_LEASE_HOOK_FAILED, /^exporter afterLease hook failed$/],
  ];
  for (const [status, details] of refusals) {
    await exporter.report(status);
    await refused(dial(), "FAILED_PRECONDITION", details);
  }
  await exporter.report(ExporterStatus.AVAILABLE);
  await refused(dial(200), "DEADLINE_EXCEEDED", /./);
  const waiting = dial();
  await exporter.report(ExporterStatus.LEASE_READY);
  const ticket = await waiting;
  ending.abort();
  const tokens = (await listening).map(({ routerToken }) => routerToken);
  assert.equal(tokens.at(-1), ticket.routerToken);
  assert.equal(new Set(tokens).size, 5);
});

Deno.test("an exporter whose hook failed has its next lease once it cannot end it by mistake", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { dut: "a" }));
  using client = lab.connect(await lab.client("c1"));
  const first = await create(client, { selector: "dut=a" });
  await exporter.report(ExporterStatus.BEFORE_LEASE_HOOK_FAILED);
  await client.unary(ClientService.deleteLease, { name: first.name });
  const available = exporter.report(ExporterStatus.AVAILABLE);
  const second = await create(client, { selector: "dut=a" });
  assert.equal(second.exporter, undefined);
  await available;
  const { exporter: path } = await client.unary(ClientService.getLease, { name: second.name });
  assert.equal(bare(path!), "e1");
});

Deno.test("an exporter that is available after its hook failed is not when it has left since", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1"));
  await exporter.report(ExporterStatus.BEFORE_LEASE_HOOK_FAILED);
  const available = exporter.report(ExporterStatus.AVAILABLE);
  await exporter.report(ExporterStatus.OFFLINE);
  await available;
  await lab.exporterIs("e1", "Offline");
});

/** Releases a lease as a very old program does. */
function releaseOf(channel: Channel, name: string): Promise<unknown> {
  return channel.unary(ControllerService.releaseLease, { name });
}

Deno.test("who has no kind, or two, releases as a client [controller 83]", async () => {
  await using lab = await TestLab.start();
  const member: Member = await lab.exporter("e1", { dut: "a" });
  await using exporter = await FakeExporter.start(lab, member);
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "dut=a" });
  using nameless = lab.connect(member, { "jumpstarter-kind": "" });
  await refused(releaseOf(nameless, bare(name)), "INVALID_ARGUMENT", /./);
  await refused(releaseOf(exporter.channel, "none"), "NOT_FOUND", /^lease none not found$/);
  await releaseOf(exporter.channel, bare(name));
  await releaseOf(exporter.channel, bare(name));
  const { spec } = await lab.store.leases.get("lab", bare(name));
  assert.equal(spec.release, true);
  assert.equal(name.startsWith(PARENT), true);
});
