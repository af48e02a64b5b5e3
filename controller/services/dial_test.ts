import * as assert from "node:assert/strict";
import type { Channel } from "@jumpstarter/lib/rpc";
import { openTunnel, type TunnelTicket } from "@jumpstarter/lib/tunnel";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import { RouterTokens } from "../auth/mod.ts";
import { TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";

Deno.test("dialling hands the same ticket to both ends, and says why it cannot [controller 87, 88]", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  using one = lab.connect(await lab.client("c1"));
  using two = lab.connect(await lab.client("c2"));
  const lease = await create(one, { selector: "board=x" });
  const leaseName = bare(lease.name);
  const dial = (channel: Channel) => channel.unary(ControllerService.dial, { leaseName });
  await refused(dial(two), "UNKNOWN", /permission denied/);
  await exporter.report(ExporterStatus.LEASE_READY);
  await refused(dial(one), "UNAVAILABLE", /^exporter is not listening on lease /);
  const ending = new AbortController();
  const tickets = exporter.listen(leaseName, ending.signal);
  const next = tickets.next();
  let dialled: Awaited<ReturnType<typeof dial>> | undefined;
  await until("the exporter listens", async () => {
    dialled = await dial(one).catch(() => undefined);
    return dialled !== undefined;
  });
  assert.deepEqual((await next).value, dialled);
  assert.equal(dialled!.routerEndpoint, lab.controller.routerEndpoint);
  await exporter.report(ExporterStatus.BEFORE_LEASE_HOOK_FAILED);
  await refused(dial(one), "FAILED_PRECONDITION", /beforeLease hook failed/);
  await one.unary(ClientService.deleteLease, { name: lease.name });
  await refused(dial(one), "UNKNOWN", /has ended/);
  await refused(exporter.listen(leaseName, ending.signal), "UNKNOWN", /has ended/);
  await refused(exporter.listen("", ending.signal), "UNKNOWN", /empty lease name/);
  ending.abort();
  await assert.rejects(tickets.next());
});

Deno.test("a dial waits for an exporter that has not begun", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "board=x" });
  const ending = new AbortController();
  const tickets = exporter.listen(bare(name), ending.signal);
  const next = tickets.next();
  const dialled = client.unary(ControllerService.dial, { leaseName: bare(name) });
  const late = client.unary(ControllerService.dial, { leaseName: bare(name) }, { timeout: 300 });
  await refused(late, "DEADLINE_EXCEEDED", /./);
  await exporter.report(ExporterStatus.LEASE_READY);
  assert.deepEqual((await next).value, await dialled);
  ending.abort();
  await assert.rejects(tickets.next());
});

Deno.test("the router lets nobody in for a lease that has no exporter", async () => {
  await using lab = await TestLab.start();
  using client = lab.connect(await lab.client("c1"));
  await lab.exporter("e1", { board: "x" });
  const { name } = await create(client, { selector: "board=x" });
  const { data } = await lab.store.secrets.get("lab", "jumpstarter-controller-keys");
  const tokens = new RouterTokens({ key: Uint8Array.fromBase64(data!["router.key"]!) });
  const { routerEndpoint, identity: { ca } } = lab.controller;
  const ticket = { routerEndpoint, routerToken: await tokens.issue(bare(name)) };
  await using tunnel = openTunnel(ticket, { tls: { ca } });
  await assert.rejects(tunnel.read(), /invalid jwt token/);
  assert.ok(lab.log.some((line) => line.includes("the lease is not in use")));
});

Deno.test("tunnels end within a second after their lease, and its tickets are good no more", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "board=x" });
  const leaseName = bare(name);
  await exporter.report(ExporterStatus.LEASE_READY);
  const ending = new AbortController();
  const tickets = exporter.listen(leaseName, ending.signal);
  const next = tickets.next();
  let ticket: TunnelTicket | undefined;
  await until("the exporter listens", async () => {
    ticket = await client.unary(ControllerService.dial, { leaseName }).catch(() => undefined);
    return ticket !== undefined;
  });
  const tls = { ca: lab.controller.identity.ca };
  await using near = openTunnel(ticket!, { tls });
  await using far = openTunnel((await next).value!, { tls });
  await near.write(new Uint8Array([7]));
  assert.deepEqual([...(await far.read())!], [7]);
  await client.unary(ClientService.deleteLease, { name });
  const over = performance.now();
  assert.equal(await near.read(), null);
  assert.equal(await far.read(), null);
  assert.ok(performance.now() - over < 1_000);
  await using late = openTunnel(ticket!, { tls });
  await assert.rejects(late.read(), /invalid jwt token/);
  ending.abort();
  await assert.rejects(tickets.next());
});
