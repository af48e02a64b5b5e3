import assert from "node:assert/strict";
import { CORE, exporter, OURS, TestApi } from "../../tests/support/api.ts";
import { Random } from "../../tests/model/random.ts";
import { MAX_BODY } from "./body.ts";

const REQUESTS = 3000;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const TYPES = [
  "application/json",
  "application/merge-patch+json",
  "application/json-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
  "application/vnd.kubernetes.protobuf",
  "text/plain",
];
const ACCEPTS = ["application/json;as=Table;v=v1;g=meta.k8s.io", "*/*", "application/json", ";;="];
const PATHS = [
  `${OURS}/exporters`,
  `${OURS}/exporters/e1`,
  `${OURS}/exporters/e1/status`,
  `${OURS}/leases`,
  `${OURS}/leases/l1`,
  `${OURS}/clients`,
  `${OURS}/exporteraccesspolicies`,
  `${CORE}/secrets`,
  `${CORE}/secrets/s1`,
  `${CORE}/configmaps/c1`,
  `${CORE}/events`,
  "/api/v1/namespaces/x",
  "/openapi/v3/__proto__",
  "/__proto__",
  "/apis/jumpstarter.dev/v1alpha1/namespaces//exporters",
  "/apis/jumpstarter.dev/v1alpha1/namespaces/lab/constructor/x",
  `${OURS}/exporters/%00`,
];
const QUERIES = [
  "",
  "dryRun=All",
  "dryRun=No",
  "limit=1",
  "limit=-1",
  "continue=%00",
  "labelSelector=a+in+(",
  "labelSelector=__proto__",
  "fieldSelector=constructor%3D1",
  "fieldSelector=metadata.name",
  "fieldManager=a",
  "fieldManager=b&force=true",
  "fieldValidation=Strict",
  "fieldValidation=toString",
  "includeObject=toString",
  "propagationPolicy=Orphan",
];
const KEYS = [
  "metadata",
  "name",
  "namespace",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "resourceVersion",
  "spec",
  "status",
  "selector",
  "matchLabels",
  "conditions",
  "data",
  "stringData",
  "managedFields",
  "manager",
  "operation",
  "fieldsV1",
  "f:spec",
  "preconditions",
  "__proto__",
  "constructor",
  "$patch",
  "$retainKeys",
  "op",
  "path",
  "from",
  "value",
  'ü\n"',
];
const LEAVES = [null, true, 0, -1.5, 1e300, "", "e1", "lab", "/metadata/labels", "\ud800", "x y"];

function value(random: Random, depth: number): unknown {
  const shape = depth === 0 ? 0 : random.below(4);
  if (shape === 0) return random.pick(LEAVES);
  const items = Array.from({ length: random.below(4) }, () => value(random, depth - 1));
  if (shape === 1) return items;
  // As JSON makes it: a member called __proto__ is a member.
  return Object.fromEntries(items.map((item) => [random.pick(KEYS), item]));
}

Deno.test("whatever is sent is answered, and never as a fault of ours", async () => {
  const seed = Number(Deno.env.get("SEED") ?? 1);
  const random = new Random(seed);
  await using api = await TestApi.open();
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  await api.ask("POST", `${CORE}/configmaps`, { body: { metadata: { name: "c1" } } });
  for (let index = 0; index < REQUESTS; index++) {
    const method = random.pick(METHODS);
    const path = `${random.pick(PATHS)}?${random.pick(QUERIES)}`;
    const type = random.pick(TYPES);
    const made = value(random, 5);
    const body = random.chance(0.05) ? "{" : JSON.stringify(random.chance(0.5) ? made : [made]);
    const asked = { accept: random.pick(ACCEPTS), ...(method === "GET" ? {} : { body, type }) };
    const answer = await api.ask(method, path, asked);
    const said = `seed ${seed}: ${method} ${path} ${type} ${body}`;
    assert.ok(answer.code !== 500 && answer.code < 600, said);
    assert.ok(!JSON.stringify(answer.body).includes(".ts:"), said);
  }
  assert.deepEqual(api.faults, []);
});

Deno.test("bodies that are too large, too deep or not JSON are refused", async () => {
  await using api = await TestApi.open();
  const path = `${OURS}/exporters`;
  for (
    const [body, code] of [
      [" ".repeat(MAX_BODY + 1), 413],
      ["[".repeat(MAX_BODY), 400],
      ["[".repeat(200) + "]".repeat(200), 400],
      ['{"a":'.repeat(10_000) + "1" + "}".repeat(10_000), 400],
      ["{", 400],
      ["", 400],
      ["null", 400],
      [new Uint8Array([0xff, 0xfe]), 400],
    ] as const
  ) {
    assert.equal((await api.ask("POST", path, { body })).code, code, String(body).slice(0, 20));
  }
  assert.deepEqual(api.faults, []);
});
