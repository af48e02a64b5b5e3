import assert from "node:assert/strict";
import { CORE, exporter, OURS, TestApi, TOKEN } from "../../tests/support/api.ts";

const REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

Deno.test("only the administrator's token opens anything, whatever is asked for", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  const objects = ["exporters", "leases", "clients", "exporteraccesspolicies"].flatMap((plural) =>
    ["", "/e1", "/e1/status"].map((rest) => `${OURS}/${plural}${rest}`)
  );
  const core = ["secrets", "configmaps", "events"].map((plural) => `${CORE}/${plural}`);
  const documents = [
    "/",
    "/api",
    "/apis",
    "/version",
    "/openapi/v2",
    "/openapi/v3",
    "/nowhere",
    REVIEW,
  ];
  const jwt = "Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjbGllbnQifQ.c2lnbmF0dXJl";
  const wrong = [undefined, "Bearer", `Bearer ${TOKEN}x`, `Basic ${btoa(TOKEN)}`, TOKEN, jwt];
  for (const path of [...objects, ...core, ...documents, `${OURS}/exporters?watch=true`]) {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      for (const authorization of wrong) {
        const headers = new Headers(authorization === undefined ? {} : { authorization });
        const response = await api.handle(
          new Request(`https://lab.test${path}`, { method, headers }),
        );
        const { reason } = await response.json();
        const said = `${method} ${path} with ${authorization}`;
        assert.deepEqual([response.status, reason], [401, "Unauthorized"], said);
      }
    }
  }
  assert.equal((await api.ask("GET", `${OURS}/exporters/e1`)).code, 200);
});

Deno.test("a token that can be guessed is refused from the start", async () => {
  await using api = await TestApi.open();
  const { apiHandler } = await import("./mod.ts");
  assert.throws(() => apiHandler({ store: api.store, token: "short" }), /at least 22 characters/);
});

Deno.test("an object is created, read, replaced and deleted", async () => {
  await using api = await TestApi.open();
  const path = `${OURS}/exporters`;
  const { code, body } = await api.ask("POST", path, { body: exporter("e1", { board: "x" }) });
  assert.equal(code, 201);
  assert.match(body.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(body.metadata.managedFields, []); // the Python tool fails without
  assert.equal(body.metadata.generation, 1);
  assert.deepEqual((await api.ask("GET", `${path}/e1`)).body, body);

  const changed = { ...body, spec: { enabled: false } };
  const replaced = await api.ask("PUT", `${path}/e1`, { body: changed });
  assert.deepEqual([replaced.code, replaced.body.metadata.generation], [200, 2]);
  const again = await api.ask("PUT", `${path}/e1`, { body: changed });
  assert.deepEqual([again.code, again.body.reason], [409, "Conflict"]);

  const gone = await api.ask("DELETE", `${path}/e1`, { body: { propagationPolicy: "Background" } });
  assert.deepEqual([gone.code, gone.body.status, gone.body.details.name], [200, "Success", "e1"]);
  const missing = await api.ask("GET", `${path}/e1`);
  assert.deepEqual(missing.body, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: 'exporters.jumpstarter.dev "e1" not found',
    reason: "NotFound",
    details: { name: "e1", group: "jumpstarter.dev", kind: "exporters" },
    code: 404,
  });
});

Deno.test("an object that breaks rules is refused with the fields that do", async () => {
  await using api = await TestApi.open();
  const body = { metadata: { name: "l1" }, spec: { clientRef: { name: "c1" }, selector: {} } };
  const answer = await api.ask("POST", `${OURS}/leases`, { body });
  assert.deepEqual([answer.code, answer.body.reason], [422, "Invalid"]);
  assert.equal(answer.body.details.kind, "Lease");
  assert.deepEqual(answer.body.details.causes.map(({ field }: { field: string }) => field), [
    "spec",
  ]);
  assert.match(answer.body.message, /one of selector or exporterRef.name is required/);
});

Deno.test("unknown fields are refused, told or ignored, as the client wishes", async () => {
  await using api = await TestApi.open();
  const body = { ...exporter("e1"), spec: { enabeld: true } };
  const path = `${OURS}/exporters?dryRun=All&fieldValidation=`;
  const strict = await api.ask("POST", `${path}Strict`, { body });
  assert.equal(strict.code, 400);
  assert.match(strict.body.message, /strict decoding error: unknown field "spec.enabeld"/);
  const warned = await api.ask("POST", `${path}Warn`, { body });
  assert.equal(warned.code, 201);
  assert.equal(warned.headers.get("warning"), String.raw`299 - "unknown field \"spec.enabeld\""`);
  assert.equal((await api.ask("POST", `${path}Ignore`, { body })).headers.get("warning"), null);
  assert.equal((await api.ask("GET", `${OURS}/exporters/e1`)).code, 404); // it was a dry run
});

Deno.test("lists are chosen by labels and fields, and come in pages", async () => {
  await using api = await TestApi.open();
  for (const name of ["a", "b", "c"]) {
    const board = name === "c" ? "y" : "x";
    await api.ask("POST", `${OURS}/exporters`, { body: exporter(name, { board }) });
  }
  const names = async (query: string) => {
    const { body } = await api.ask("GET", `${OURS}/exporters?${query}`);
    return body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  };
  assert.deepEqual(await names("labelSelector=board%3Dx"), ["a", "b"]);
  assert.deepEqual(await names("labelSelector=board+notin+(x)"), ["c"]);
  assert.deepEqual(await names("fieldSelector=metadata.name%3Db"), ["b"]);
  assert.deepEqual(await names("fieldSelector=metadata.name!%3Db,metadata.namespace%3Dlab"), [
    "a",
    "c",
  ]);
  const page = await api.ask("GET", `${OURS}/exporters?limit=2`);
  assert.equal(page.body.items.length, 2);
  assert.deepEqual(
    await names(`limit=2&continue=${encodeURIComponent(page.body.metadata.continue)}`),
    ["c"],
  );
  const all = await api.ask("GET", "/apis/jumpstarter.dev/v1alpha1/exporters");
  assert.deepEqual([all.body.kind, all.body.items.length], ["ExporterList", 3]);
  for (
    const query of [
      "labelSelector=a%3D%3D%3Db",
      "fieldSelector=spec.x%3D1",
      "limit=x",
      "continue=?",
    ]
  ) {
    assert.equal((await api.ask("GET", `${OURS}/exporters?${query}`)).code, 400, query);
  }
});

Deno.test("a status is changed apart from everything else", async () => {
  await using api = await TestApi.open();
  const path = `${OURS}/exporters/e1`;
  await api.ask("POST", `${OURS}/exporters`, {
    body: { ...exporter("e1"), status: { statusMessage: "ignored" } },
  });
  const type = "application/merge-patch+json";
  const body = { spec: { enabled: false }, status: { statusMessage: "hello" } };
  const spec = await api.ask("PATCH", path, { type, body });
  assert.deepEqual([spec.body.spec, spec.body.status], [{ enabled: false }, undefined]);
  const status = await api.ask("PATCH", `${path}/status`, {
    type,
    body: { spec: { enabled: true }, status: { statusMessage: "hello" } },
  });
  assert.deepEqual(status.body.spec, { enabled: false });
  assert.deepEqual(status.body.status, { statusMessage: "hello" });
  assert.equal(status.body.metadata.generation, 2);
  assert.deepEqual((await api.ask("GET", `${path}/status`)).body, status.body);
  assert.equal((await api.ask("GET", `${CORE}/secrets/s1/status`)).code, 404);
});

Deno.test("what is in a whole collection is deleted by selector", async () => {
  await using api = await TestApi.open();
  for (const [name, board] of [["a", "x"], ["b", "y"]] as const) {
    await api.ask("POST", `${OURS}/exporters`, { body: exporter(name, { board }) });
  }
  const { body } = await api.ask("DELETE", `${OURS}/exporters?labelSelector=board%3Dx`);
  assert.deepEqual(body.items.map((item: { metadata: { name: string } }) => item.metadata.name), [
    "a",
  ]);
  assert.equal((await api.ask("GET", `${OURS}/exporters`)).body.items[0].metadata.name, "b");
});

Deno.test("a deletion with conditions that do not hold deletes nothing", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  const path = `${OURS}/exporters/e1`;
  const other = await api.ask("DELETE", path, { body: { preconditions: { uid: "other" } } });
  assert.equal(other.code, 409);
  assert.equal((await api.ask("DELETE", path, { body: { dryRun: ["All"] } })).code, 200);
  const bad = await api.ask("DELETE", path, { body: { propagationPolicy: "Sideways" } });
  assert.equal(bad.code, 400);
  assert.equal((await api.ask("GET", path)).code, 200);
});

Deno.test("the path and the object must agree", async () => {
  await using api = await TestApi.open();
  const { body } = await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  const elsewhere = exporter("e2");
  elsewhere.metadata.namespace = "other";
  assert.equal((await api.ask("POST", `${OURS}/exporters`, { body: elsewhere })).code, 400);
  assert.equal((await api.ask("PUT", `${OURS}/exporters/e9`, { body })).code, 400);
  const unnamed = await api.ask("POST", "/apis/jumpstarter.dev/v1alpha1/exporters", { body });
  assert.equal(unnamed.code, 405);
  assert.equal((await api.ask("DELETE", "/apis/jumpstarter.dev/v1alpha1/exporters")).code, 405);
  assert.equal((await api.ask("GET", `${OURS}/exporters/e1`)).code, 200);
});

Deno.test("nothing answers where nothing is", async () => {
  await using api = await TestApi.open();
  for (const path of ["/", "/api/v2", "/apis/apps/v1", "/api/v1/pods", `${OURS}/exporters/e/log`]) {
    assert.equal((await api.ask("GET", path)).code, 404, path);
  }
  assert.equal((await api.ask("PUT", `${OURS}/exporters`, { body: {} })).code, 405);
  assert.equal((await api.ask("POST", "/api/v1/namespaces", { body: {} })).code, 405);
  assert.equal((await api.ask("GET", "/version", { accept: "text/html" })).code, 406);
  assert.equal((await api.ask("GET", `${OURS}/exporters/%ff`)).code, 400);
});

Deno.test("a failing store is told as such, without what is inside", async () => {
  const api = await TestApi.open();
  await api[Symbol.asyncDispose]();
  const { code, body } = await api.ask("GET", `${OURS}/exporters/e1`);
  assert.deepEqual([code, body.reason], [503, "ServiceUnavailable"]);
});
