import assert from "node:assert/strict";
import { CORE, exporter, type Json, OURS, TestApi } from "../../tests/support/api.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

Deno.test("discovery names every kind, at once or by group", async () => {
  await using api = await TestApi.open();
  const all = await api.ask("GET", "/apis", { accept: `${AGGREGATED},application/json` });
  assert.equal(all.headers.get("content-type"), AGGREGATED);
  const [version] = all.body.items[0].versions;
  assert.deepEqual(version.resources.map(({ resource }: Json) => resource).sort(), [
    "auditevents",
    "clients",
    "exporteraccesspolicies",
    "exporters",
    "leases",
  ]);
  const groups = await api.ask("GET", "/apis", { accept: "application/json" });
  assert.equal(groups.body.groups[0].preferredVersion.groupVersion, "jumpstarter.dev/v1alpha1");
  const core = await api.ask("GET", "/api/v1");
  const names = core.body.resources.map(({ name }: Json) => name);
  assert.ok(["secrets", "configmaps", "namespaces", "events"].every((one) => names.includes(one)));
});

Deno.test("OpenAPI tells the fields of every kind, and nothing of how rules are evaluated", async () => {
  await using api = await TestApi.open();
  const { body: index } = await api.ask("GET", "/openapi/v3");
  const { serverRelativeURL } = index.paths["apis/jumpstarter.dev/v1alpha1"];
  const { body } = await api.ask("GET", serverRelativeURL);
  const lease = body.components.schemas["dev.jumpstarter.v1alpha1.Lease"];
  assert.deepEqual(lease["x-kubernetes-group-version-kind"], [
    { group: "jumpstarter.dev", version: "v1alpha1", kind: "Lease" },
  ]);
  const [rule] = lease.properties.spec["x-kubernetes-validations"];
  assert.deepEqual(Object.keys(rule).sort(), ["message", "rule"]);
  const patch = body.paths[`/apis/jumpstarter.dev/v1alpha1/namespaces/{namespace}/leases/{name}`]
    .patch;
  assert.ok(patch.parameters.some(({ name }: Json) => name === "fieldValidation"));
  assert.equal((await api.ask("GET", "/openapi/v2")).body.swagger, "2.0");
});

Deno.test("a table has the columns of the kind, and the objects' metadata", async () => {
  const created = new Date("2026-01-02T03:04:05Z");
  let now = created;
  await using api = await TestApi.open({ now: () => now, store: { now: () => created } });
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  await api.ask("POST", `${CORE}/secrets`, {
    body: { metadata: { name: "s1" }, stringData: { token: "x" } },
  });
  now = new Date(created.getTime() + 310_000);
  const { body } = await api.ask("GET", `${OURS}/exporters`, { accept: TABLE });
  assert.equal(body.kind, "Table");
  assert.deepEqual(body.columnDefinitions.map(({ name, priority }: Json) => [name, priority]), [
    ["Name", 0],
    ["Enabled", 0],
    ["Status", 0],
    ["Message", 1],
  ]);
  assert.deepEqual(body.rows[0].cells, ["e1", true, null, null]);
  assert.deepEqual(
    [body.rows[0].object.kind, body.rows[0].object.metadata.name],
    ["PartialObjectMetadata", "e1"],
  );
  const one = await api.ask("GET", `${CORE}/secrets/s1?includeObject=Object`, { accept: TABLE });
  assert.deepEqual(one.body.rows[0].cells, ["s1", "Opaque", 1, "5m10s"]);
  assert.equal(one.body.rows[0].object.data.token, "eA==");
  const bad = await api.ask("GET", `${OURS}/exporters?includeObject=x`, { accept: TABLE });
  assert.equal(bad.code, 400);
});

Deno.test("a namespace is there as soon as something is in it", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  const { body } = await api.ask("GET", "/api/v1/namespaces");
  assert.deepEqual(body.items.map(({ metadata }: Json) => metadata.name), ["default", "lab"]);
  assert.equal((await api.ask("GET", "/api/v1/namespaces/lab")).body.status.phase, "Active");
  assert.equal((await api.ask("GET", "/api/v1/namespaces/No%20Name")).code, 404);
  assert.deepEqual((await api.ask("GET", `${CORE}/events`)).body.items, []);
});

Deno.test("the administrator hears who it is, and that it may do everything", async () => {
  await using api = await TestApi.open();
  const [can, list, who] = [
    "authorization.k8s.io/v1/selfsubjectaccessreviews",
    "authorization.k8s.io/v1/selfsubjectrulesreviews",
    "authentication.k8s.io/v1/selfsubjectreviews",
  ].map((path) => `/apis/${path}`);
  const ask = (path = "") => api.ask("POST", path, { body: { spec: {} } });
  const allowed = await ask(can);
  assert.deepEqual([allowed.code, allowed.body.status], [201, { allowed: true }]);
  assert.deepEqual((await ask(list)).body.status.resourceRules[0].verbs, ["*"]);
  assert.equal((await ask(who)).body.status.userInfo.username, "admin");
  assert.equal((await api.ask("GET", who!)).code, 405);
});
