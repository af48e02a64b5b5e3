import * as assert from "node:assert/strict";
import { conditionOf } from "@jumpstarter/lib/lease";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import { TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";

Deno.test("only labels of its own are taken from an exporter, and a report of its devices [controller 76]", async () => {
  await using lab = await TestLab.start();
  const member = await lab.exporter("e1", { board: "x", "jumpstarter.dev/old": "y" });
  await using _exporter = await FakeExporter.start(lab, member);
  const exporter = await lab.store.exporters.get("lab", "e1");
  assert.deepEqual(exporter.metadata.labels, { board: "x", "jumpstarter.dev/name": "e1" });
  assert.equal(conditionOf(exporter, "Registered")?.status, "True");
  assert.equal(conditionOf(exporter, "Online")?.reason, "StatusReported");
});

Deno.test("an exporter releases the lease it holds, and no other", async () => {
  await using lab = await TestLab.start();
  await using e1 = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  await using e2 = await FakeExporter.start(lab, await lab.exporter("e2", { board: "y" }));
  using client = lab.connect(await lab.client("c1"));
  const name = bare((await create(client, { selector: "board=x" })).name);
  const release = ({ channel }: FakeExporter, name: string) =>
    channel.unary(ControllerService.releaseLease, { name });
  await refused(release(e2, name), "FAILED_PRECONDITION", /is not held by exporter e2/);
  await refused(release(e1, "none"), "NOT_FOUND", /^lease none not found$/);
  await release(e1, name);
  await release(e1, name);
  const other = (await create(client, { selector: "board=y" })).name;
  await e2.channel.unary(ControllerService.reportStatus, { status: 5, releaseLease: true });
  const ended = await client.unary(ClientService.getLease, { name: other });
  assert.equal(ended.conditions.at(-1)?.reason, "Released");
});

Deno.test("an exporter that goes without a word is offline soon, and is what it was when it returns [controller 77]", async () => {
  await using lab = await TestLab.start({ liveness: { silence: 500, reconnect: 100 } });
  const member = await lab.exporter("e1", { board: "x" });
  assert.equal(
    conditionOf({ status: await lab.exporterState("e1") }, "Online")?.message,
    "Never seen",
  );
  {
    await using exporter = await FakeExporter.start(lab, member);
    await exporter.report(ExporterStatus.AFTER_LEASE_HOOK);
    await until("it is heard", () => exporter.seen.length > 0);
  }
  await lab.exporterIs("e1", "Offline");
  const { statusMessage, conditions } = await lab.exporterState("e1");
  assert.match(statusMessage!, /^Connection lost/);
  assert.equal(conditionOf({ status: { conditions: conditions! } }, "Online")?.status, "False");
  using channel = lab.connect(member);
  const stream = channel.serverStream(ControllerService.status, {});
  await stream.next();
  await lab.exporterIs("e1", "AfterLeaseHook");
  await channel.unary(ControllerService.unregister, { reason: "lunch" });
  const left = await lab.exporterState("e1");
  assert.deepEqual([left.exporterStatus, left.statusMessage], ["Offline", "lunch"]);
  assert.equal(conditionOf({ status: left }, "Registered")?.status, "False");
  await stream.return(undefined);
});

Deno.test("exporters are told of no telemetry, as there is none", async () => {
  await using lab = await TestLab.start();
  const member = await lab.exporter("e1");
  using exporter = lab.connect(member);
  using nobody = lab.connect({ ...member, token: "garbage" });
  const asked = nobody.unary(ControllerService.getServiceEndpoints, {});
  await refused(asked, "UNKNOWN", /^failed to authenticate token$/);
  const { telemetryEndpoints } = await exporter.unary(ControllerService.getServiceEndpoints, {});
  assert.deepEqual(telemetryEndpoints, []);
});
