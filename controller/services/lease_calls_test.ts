import * as assert from "node:assert/strict";
import type { Channel } from "@jumpstarter/lib/rpc";
import {
  type client as messages,
  ClientService,
  ControllerService,
  type Init,
} from "@jumpstarter/proto";
import { TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, PARENT, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";

Deno.test("a lease is granted before CreateLease answers, told to the exporter, and handed over", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  using one = lab.connect(await lab.client("c1"));
  using two = lab.connect(await lab.client("c2"));
  const first = await create(one, { selector: "board=x", context: { build: "7" } });
  assert.equal(first.exporter, "namespaces/lab/exporters/e1");
  assert.equal(first.conditions.at(-1)?.type, "Ready");
  const second = await create(two, { selector: "board=x" });
  assert.equal(second.exporter, undefined);
  assert.equal(second.conditions.at(-1)?.reason, "NotAvailable");
  const revision = async (name: string, kind: "leases" | "exporters") =>
    Number((await lab.store.collection(kind).get("lab", name)).metadata.resourceVersion);
  // One write of both, and none after it.
  assert.equal(await revision("e1", "exporters"), await revision(bare(first.name), "leases") + 1);
  await until("the exporter is told", () => exporter.seen.length === 2);
  assert.equal(exporter.seen[0]!.leased, false);
  assert.deepEqual({ ...exporter.seen[1], context: { ...exporter.seen[1]!.context } }, {
    leased: true,
    leaseName: bare(first.name),
    clientName: "c1",
    context: { build: "7" },
  });
  await one.unary(ClientService.deleteLease, { name: first.name });
  const now = await two.unary(ClientService.getLease, { name: second.name });
  assert.equal(now.exporter, "namespaces/lab/exporters/e1");
  await until("the exporter is told again", () => exporter.seen.length === 4);
  assert.deepEqual(exporter.seen.slice(2).map(({ leased }) => leased), [false, true]);
});

Deno.test("requests that make no sense are refused, most before anybody is asked who calls [controller 64, 65, 66]", async () => {
  await using lab = await TestLab.start();
  using client = lab.connect(await lab.client("c1"));
  using nobody = lab.connect({ name: "c1", kind: "Client", token: "garbage" });
  const invalid = (call: Promise<unknown>, details: RegExp) =>
    refused(call, "INVALID_ARGUMENT", details);
  await invalid(nobody.unary(ClientService.createLease, {}), /^lease is required$/);
  await invalid(create(nobody, {}), /^one of selector or exporter_name is required$/);
  const tags = { "jumpstarter.dev/x": "y" };
  await invalid(
    create(nobody, { selector: "a=b", tags }),
    /^invalid lease tags: .*reserved prefix/,
  );
  await invalid(create(nobody, { selector: "a=b" }, { parent: "lab" }), /expected 2 segments/);
  await invalid(nobody.unary(ClientService.getLease, { name: "namespaces/lab/x/y" }), /"leases"/);
  await refused(create(nobody, { selector: "a=b" }), "UNKNOWN", /^failed to authenticate token$/);
  const elsewhere = create(client, { selector: "a=b" }, { parent: "namespaces/other" });
  await refused(elsewhere, "PERMISSION_DENIED", /^namespace mismatch$/);
  await refused(create(client, { selector: "a==b" }), "UNKNOWN", /unsupported label selector/);
  const endless = create(client, { selector: "a=b", duration: undefined });
  await refused(endless, "UNKNOWN", /^duration is required/);
  const seconds = 10_000_000_000_000;
  const absurd = create(client, { selector: "a=b", duration: { seconds, nanos: 0 } });
  await refused(absurd, "UNKNOWN", /^duration must be at most 292 years/);
  await create(client, { selector: "a=b" }, { leaseId: "mine" });
  const again = create(client, { selector: "a=b" }, { leaseId: "mine" });
  await refused(again, "UNKNOWN", /leases.jumpstarter.dev "mine" already exists/);
  await refused(
    client.unary(ClientService.updateLease, {}),
    "INVALID_ARGUMENT",
    /lease is required/,
  );
});

Deno.test("leases are listed in pages, by labels, tags and state [controller 62]", async () => {
  await using lab = await TestLab.start();
  using client = lab.connect(await lab.client("c1"));
  const tags = { team: "devops" };
  for (let count = 0; count < 3; count++) await create(client, { exporterName: "none" });
  await lab.exporter("e1", { board: "x" });
  for (let count = 0; count < 7; count++) await create(client, { selector: "board=x", tags });
  const list = (request: Init<messages.ListLeasesRequest>) =>
    client.unary(ClientService.listLeases, { parent: PARENT, ...request });
  assert.equal((await list({})).leases.length, 7);
  assert.equal((await list({ onlyActive: false })).leases.length, 10);
  assert.equal((await list({ filter: "board==x" })).leases.length, 7);
  assert.equal((await list({ tagFilter: "team=devops", filter: "board=y" })).leases.length, 0);
  await refused(list({ tagFilter: "a===b" }), "INVALID_ARGUMENT", /^invalid tag_filter/);
  for (const [onlyActive, sizes] of [[false, [4, 4, 2]], [true, [4, 3]]] as const) {
    const pages: string[][] = [];
    let pageToken = "";
    do {
      const page = await list({ pageSize: 4, pageToken, onlyActive });
      pages.push(page.leases.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    assert.deepEqual(pages.map(({ length }) => length), sizes);
    assert.deepEqual(pages.flat(), Array.from(new Set(pages.flat())).sort());
    const bad = list({ pageSize: 4, pageToken: "x", onlyActive });
    await refused(bad, "UNKNOWN", /continue key is not valid/);
  }
});

Deno.test("an active lease goes to another client, which then owns it", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  using one = lab.connect(await lab.client("c1"));
  using two = lab.connect(await lab.client("c2"));
  const { name } = await create(one, { selector: "board=x" });
  const give = (channel: Channel, client: string) =>
    channel.unary(ClientService.updateLease, { lease: { name, client } });
  await refused(give(two, "namespaces/lab/clients/c2"), "UNKNOWN", /permission denied/);
  await refused(give(one, "namespaces/lab/clients/c3"), "UNKNOWN", /target client not found/);
  const given = await give(one, "namespaces/lab/clients/c2");
  assert.equal(given.client, "namespaces/lab/clients/c2");
  const leaseName = bare(name);
  await refused(one.unary(ControllerService.dial, { leaseName }), "UNKNOWN", /permission denied/);
  await until("the exporter is told", () => exporter.seen.at(-1)?.clientName === "c2");
  await refused(one.unary(ClientService.deleteLease, { name }), "UNKNOWN", /permission denied/);
  await two.unary(ClientService.deleteLease, { name });
  const again = two.unary(ClientService.deleteLease, { name });
  await refused(again, "FAILED_PRECONDITION", /has already been released/);
});
