import * as assert from "node:assert/strict";
import { TestApi } from "../../../tests/support/api.ts";

const LEASES = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab/leases";
const EXPORTER = "/apis/jumpstarter.dev/v1alpha1/namespaces/lab/exporters/e1";
const SECRET = "/api/v1/namespaces/lab/secrets/s1";
const type = "application/apply-patch+yaml";

/** Applies an exporter's labels and spec as a manager. */
function apply(
  api: TestApi,
  manager: string,
  wanted: { labels?: Record<string, string | null>; spec?: object },
  more = "",
) {
  const { labels = {}, spec } = wanted;
  const body = {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "Exporter",
    metadata: { name: "e1", labels, creationTimestamp: null, uid: "of-no-account" },
    ...spec && { spec },
  };
  return api.ask("PATCH", `${EXPORTER}?fieldManager=${manager}${more}`, {
    type,
    body: JSON.stringify(body),
  });
}

Deno.test("who applies creates, changes, and takes away what it no longer wants", async () => {
  await using api = await TestApi.open();
  const made = await apply(api, "ann", { labels: { a: "1", b: "1" }, spec: { enabled: false } });
  assert.equal(made.code, 201);
  assert.deepEqual(
    made.body.metadata.managedFields.map((entry: object) => ({
      ...entry,
      time: "",
    })),
    [{
      manager: "ann",
      operation: "Apply",
      apiVersion: "jumpstarter.dev/v1alpha1",
      time: "",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:metadata": { "f:labels": { "f:a": {}, "f:b": {} } },
        "f:spec": { "f:enabled": {} },
      },
    }],
  );
  const again = await apply(api, "ann", { labels: { a: "1", b: "1" }, spec: { enabled: false } });
  assert.equal(again.code, 200);
  assert.equal(again.body.metadata.resourceVersion, made.body.metadata.resourceVersion);
  const less = await apply(api, "ann", { labels: { a: "2" } });
  assert.deepEqual([less.body.metadata.labels, less.body.spec], [{ a: "2" }, { enabled: true }]);
  assert.deepEqual(api.faults, []);
});

Deno.test("what another manager applied is kept, unless it is taken by force", async () => {
  await using api = await TestApi.open();
  await apply(api, "ann", { labels: { a: "1", shared: "x" }, spec: { enabled: true } });
  const same = await apply(api, "bob", { labels: { b: "1", shared: "x" } });
  assert.deepEqual(same.body.metadata.labels, { a: "1", b: "1", shared: "x" });
  const refused = await apply(api, "bob", { labels: { shared: "y" }, spec: { enabled: false } });
  assert.deepEqual([refused.code, refused.body.reason], [409, "Conflict"]);
  assert.equal(
    refused.body.message,
    'Apply failed with 2 conflicts: conflict with "ann": .metadata.labels.shared, ' +
      'conflict with "ann": .spec.enabled',
  );
  assert.deepEqual(refused.body.details.causes[1], {
    reason: "FieldManagerConflict",
    message: 'conflict with "ann"',
    field: ".spec.enabled",
  });
  const forced = await apply(api, "bob", { labels: { shared: "y" } }, "&force=true");
  assert.deepEqual(forced.body.metadata.labels, { a: "1", shared: "y" });
  const left = await apply(api, "ann", { labels: { a: "1" }, spec: { enabled: true } });
  assert.deepEqual(left.body.metadata.labels, { a: "1", shared: "y" }, "it is bob's by now");
  const gone = await apply(api, "bob", {});
  assert.deepEqual(gone.body.metadata.labels, { a: "1" });
});

Deno.test("a map that is one value is applied and taken away as one; an empty map takes nothing", async () => {
  await using api = await TestApi.open();
  const lease = (spec: object) =>
    api.ask("PATCH", `${LEASES}/l1?fieldManager=ann`, {
      type,
      body: JSON.stringify({
        apiVersion: "jumpstarter.dev/v1alpha1",
        kind: "Lease",
        metadata: { name: "l1" },
        spec: { clientRef: { name: "c1" }, duration: "1h", ...spec },
      }),
    });
  const made = await lease({ exporterRef: { name: "e1" }, selector: { matchLabels: { a: "b" } } });
  assert.equal(made.code, 201, made.body.message);
  const less = await lease({ selector: { matchLabels: { a: "b" } } });
  assert.equal(less.code, 200, less.body.message);
  assert.equal(less.body.spec.exporterRef, undefined);
  await apply(api, "ann", { spec: {} });
  await apply(api, "bob", { spec: { enabled: true } });
  assert.deepEqual((await apply(api, "ann", {})).body.spec, { enabled: true });
});

Deno.test("a Secret's text is applied as its data, out of YAML", async () => {
  await using api = await TestApi.open();
  const body = "apiVersion: v1\nkind: Secret\nmetadata: {name: s1}\nstringData: {token: x}\n";
  const { code, body: made } = await api.ask("PATCH", `${SECRET}?fieldManager=ann`, { type, body });
  assert.equal(code, 201, made.message);
  assert.deepEqual(made.data, { token: btoa("x") });
  const dropped = "apiVersion: v1\nkind: Secret\nmetadata: {name: s1}\n";
  const { body: less } = await api.ask("PATCH", `${SECRET}?fieldManager=ann&dryRun=All`, {
    type,
    body: dropped,
  });
  assert.deepEqual(less.data ?? {}, {});
  assert.deepEqual((await api.ask("GET", SECRET)).body.data, { token: btoa("x") });
});

Deno.test("what cannot be applied is refused, and changes nothing", async () => {
  await using api = await TestApi.open();
  const exporter = { apiVersion: "jumpstarter.dev/v1alpha1", kind: "Exporter" };
  const rows: [string, string, number, RegExp][] = [
    [EXPORTER, JSON.stringify({ ...exporter, metadata: { name: "e1" } }), 400, /fieldManager/],
    [`${EXPORTER}?fieldManager=${"m".repeat(129)}`, "{}", 400, /fieldManager/],
    [`${EXPORTER}?fieldManager=a`, "a: [", 400, /not YAML/],
    [`${EXPORTER}?fieldManager=a`, "[]", 400, /not a YAML map/],
    [`${EXPORTER}?fieldManager=a`, "metadata: {name: e2}", 400, /does not match the name/],
    [`${EXPORTER}?fieldManager=a`, "kind: Client\nmetadata: {name: e1}", 400, /kind Exporter/],
    [
      `${EXPORTER}?fieldManager=a&fieldValidation=Strict`,
      JSON.stringify({ ...exporter, metadata: { name: "e1" }, spec: { enabld: true } }),
      400,
      /unknown field "spec.enabld"/,
    ],
    [
      `${EXPORTER}?fieldManager=a`,
      JSON.stringify({ ...exporter, metadata: { name: "e1" }, spec: { enabled: "yes" } }),
      422,
      /must be of type boolean/,
    ],
    [`${EXPORTER}/status?fieldManager=a`, "{}", 415, /a status cannot be applied/],
  ];
  for (const [path, body, code, message] of rows) {
    const answer = await api.ask("PATCH", path, { type, body });
    assert.equal(answer.code, code, `${path} ${body}: ${answer.body.message}`);
    assert.match(answer.body.message, message);
  }
  assert.equal((await api.ask("GET", EXPORTER)).code, 404);
  assert.deepEqual(api.faults, []);
});
