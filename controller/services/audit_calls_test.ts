import * as assert from "node:assert/strict";
import { ClientService, ControllerService } from "@jumpstarter/proto";
import { apiHandler } from "../api/mod.ts";
import { linesOf, TOKEN } from "../../tests/support/api.ts";
import { TestLab } from "../../tests/support/lab.ts";
import { bare, create, FakeExporter, refused } from "../../tests/support/lab_calls.ts";

async function* told(...messages: string[]) {
  for (const message of messages) {
    yield { exporterUuid: "forged", driverInstanceUuid: "d1", severity: "warning", message };
  }
}

Deno.test("what exporters tell is kept under their name and lease, and listed for the administrator", async () => {
  await using lab = await TestLab.start();
  await using exporter = await FakeExporter.start(lab, await lab.exporter("e1", { board: "x" }));
  const member = await lab.client("c1");
  using client = lab.connect(member);
  const { name } = await create(client, { selector: "board=x" });
  const stream = ControllerService.auditStream;
  await exporter.channel.clientStream(stream, told("power on", "power off"));
  await refused(client.clientStream(stream, told("x")), "INVALID_ARGUMENT", /kind mismatch/);
  await client.unary(ClientService.deleteLease, { name });

  const { store, audit } = lab.controller;
  const handle = apiHandler({ store, audit, token: TOKEN });
  const path = "https://lab.test/apis/jumpstarter.dev/v1alpha1/namespaces/lab/auditevents";
  const get = async (query: string, accept = "application/json") => {
    const headers = { authorization: `Bearer ${TOKEN}`, accept };
    const response = await handle(new Request(`${path}?${query}`, { headers }));
    return { code: response.status, body: await response.json() };
  };
  const { body } = await get("");
  assert.equal(body.kind, "AuditEventList");
  const specs = body.items.map(({ spec }: { spec: Record<string, string> }) => spec);
  const about = { exporter: "e1", lease: bare(name), client: "c1" };
  assert.deepEqual(
    specs.map(({ time: _, ...spec }: Record<string, string>) => spec),
    [
      { severity: "info", message: "lease granted", driver: "", ...about },
      { severity: "warning", message: "power on", driver: "d1", ...about },
      { severity: "warning", message: "power off", driver: "d1", ...about },
      { severity: "info", message: "lease ended", driver: "", ...about },
    ],
  );
  const first = await get("limit=1&fieldSelector=severity%3Dwarning");
  assert.equal(first.body.items[0].spec.message, "power on");
  const next = `limit=1&fieldSelector=severity%3Dwarning&continue=${first.body.metadata.continue}`;
  const second = await get(next);
  assert.equal(second.body.items[0].spec.message, "power off");
  assert.equal(second.body.metadata.continue, undefined);
  const table = await get("", "application/json;as=Table;v=v1;g=meta.k8s.io");
  assert.equal(table.body.kind, "Table");
  assert.deepEqual(table.body.rows[1].cells.slice(2), [
    "e1",
    bare(name),
    "c1",
    "warning",
    "power on",
  ]);
  assert.equal((await get("fieldSelector=message%3Dx")).code, 400);
  assert.equal((await get("continue=x")).code, 400);
  assert.equal((await get("watch=true&resourceVersion=x")).code, 400);
});

Deno.test("a watch tells what was kept, and what is kept from then on", async () => {
  await using lab = await TestLab.start();
  const { store, audit } = lab.controller;
  const handle = apiHandler({ store, audit, token: TOKEN });
  const path = "https://lab.test/apis/jumpstarter.dev/v1alpha1/namespaces/lab/auditevents";
  const watch = async (query: string, accept = "application/json") => {
    const headers = { authorization: `Bearer ${TOKEN}`, accept };
    return linesOf(await handle(new Request(`${path}?watch=true&${query}`, { headers })));
  };
  for (const message of ["one", "two"]) audit.add({ severity: "info", message });
  const fresh = await watch("");
  const later = await watch("resourceVersion=2");
  const tables = await watch("resourceVersion=1", "application/json;as=Table;v=v1;g=meta.k8s.io");
  const next = async (lines: typeof fresh) => (await lines.next()).value!;
  assert.deepEqual((await next(fresh)).object.spec.message, "one");
  assert.deepEqual((await next(fresh)).object.metadata.resourceVersion, "2");
  assert.equal((await next(tables)).object.rows[0].cells.at(-1), "two");
  audit.add({ severity: "info", message: "three" });
  for (const lines of [fresh, later, tables]) {
    const { type, object } = await next(lines);
    assert.equal(type, "ADDED");
    assert.match(JSON.stringify(object), /three/);
    await lines.return(undefined);
  }
});
