import * as assert from "node:assert/strict";
import { ClientService, ControllerService, ExporterStatus } from "@jumpstarter/proto";
import { issuersOf } from "../../tests/support/issuers.ts";
import { TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, PARENT, refused } from "../../tests/support/lab_calls.ts";
import { until } from "../../tests/support/running.ts";
import { OidcIssuer } from "../../tests/support/oidc_issuer.ts";
import { DEFAULT_SETTINGS } from "../config/mod.ts";

Deno.test("routers, labels and issuers come and go while calls carry on", async () => {
  await using lab = await TestLab.start();
  const { controller } = lab;
  const labels = { board: "x", site: "berlin" };
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", labels));
  using client = lab.connect(await lab.client("c1"));
  const { name } = await create(client, { selector: "board=x" });
  const leaseName = bare(name);
  await exporter.report(ExporterStatus.LEASE_READY);
  const ending = new AbortController();
  const tickets = exporter.listen(leaseName, ending.signal);
  const ticket = () => {
    const ticket = tickets.next();
    ticket.catch(() => {}); // a test that fails elsewhere ends it
    return ticket;
  };
  let next = ticket();
  const dialled = async () => {
    const dialled = await client.unary(ControllerService.dial, { leaseName });
    assert.deepEqual((await next).value, dialled); // the stream of before all changes
    next = ticket();
    return dialled.routerEndpoint;
  };
  const shown = async () => {
    const answer = await client.unary(ClientService.listExporters, { parent: PARENT });
    return Object.keys(answer.exporters[0]!.labels).filter((key) => key in labels).sort();
  };
  const berlin = { endpoint: "berlin.example.com:8083", labels: { site: "berlin" } };
  await until("the exporter listens", () => dialled().then(() => true, () => false));
  await controller.use({ ...DEFAULT_SETTINGS, routers: [berlin], hiddenLabels: ["site"] });
  assert.equal(await dialled(), berlin.endpoint);
  assert.deepEqual(await shown(), ["board"]);
  const own = { endpoint: controller.routerEndpoint, labels };
  await controller.use({ ...DEFAULT_SETTINGS, routers: [{ ...berlin, labels: {} }, own] });
  assert.equal(await dialled(), controller.routerEndpoint);
  assert.deepEqual(await shown(), ["board", "site"]);

  await using issuer = await OidcIssuer.start();
  const issuers = await issuersOf([{
    issuer: { url: issuer.url, certificateAuthority: issuer.ca, audiences: ["lab"] },
    claimMappings: { username: { claim: "name", prefix: "dex:" } },
  }]);
  const token = await issuer.sign({ name: "jo", aud: "lab" });
  using jo = lab.connect({ name: "", kind: "Client", token });
  const list = () => jo.unary(ClientService.listLeases, { parent: PARENT });
  const provisioning = true;
  await refused(list(), "UNKNOWN", /failed to authenticate token/);
  await controller.use({ ...DEFAULT_SETTINGS, issuers, provisioning });
  await list();
  const [{ issuer: broken }] = issuers as [typeof issuers[0] & object];
  const unusable = [{ ...issuers[0]!, issuer: { ...broken, certificateAuthority: "/nowhere" } }];
  await assert.rejects(controller.use({ ...DEFAULT_SETTINGS, issuers: unusable }), /nowhere/);
  await list();
  await controller.use(DEFAULT_SETTINGS);
  await refused(list(), "UNKNOWN", /failed to authenticate token/);
  ending.abort();
  await assert.rejects(next);
});
