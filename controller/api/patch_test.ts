import assert from "node:assert/strict";
import { CORE, exporter, OURS, TestApi } from "../../tests/support/api.ts";
import { jsonPatch } from "./json_patch.ts";
import { strategicPatch } from "./strategic_patch.ts";

const JSON_PATCH = "application/json-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";

/** An operation, or several, on `{a: 1, list: [1, 2], "x/y": {z: null}}`, and what comes of it. */
const OPERATIONS: readonly [unknown, unknown][] = [
  [{ op: "add", path: "/b", value: 2 }, { b: 2 }],
  [{ op: "add", path: "/list/1", value: 9 }, { list: [1, 9, 2] }],
  [{ op: "add", path: "/list/-", value: 9 }, { list: [1, 2, 9] }],
  [{ op: "replace", path: "/list/0", value: 9 }, { list: [9, 2] }],
  [{ op: "remove", path: "/list/0" }, { list: [2] }],
  [{ op: "move", from: "/a", path: "/x~1y/a" }, { a: undefined, "x/y": { z: null, a: 1 } }],
  [{ op: "copy", from: "/list", path: "/a" }, { a: [1, 2] }],
  [{ op: "test", path: "/x~1y", value: { z: null } }, {}],
  [{ op: "replace", path: "/x~1y/z", value: 0 }, { "x/y": { z: 0 } }],
];

const REFUSED: readonly unknown[] = [
  { op: "test", path: "/a", value: 2 },
  { op: "remove", path: "/nothing" },
  { op: "add", path: "/list/3", value: 1 },
  { op: "add", path: "/list/01", value: 1 },
  { op: "add", path: "/a/b", value: 1 },
  { op: "move", from: "/x~1y", path: "/x~1y/z" },
  { op: "add", path: "no-slash", value: 1 },
  { op: "add", path: "/b" },
  { op: "toString", path: "/a" },
  { op: "copy", from: "/__proto__", path: "/b" },
  null,
];

Deno.test("a JSON patch does what its operations say, to a copy", () => {
  for (const [operation, change] of OPERATIONS) {
    const document = { a: 1, list: [1, 2], "x/y": { z: null } };
    const wanted = JSON.stringify({ ...document, ...change as object });
    const patched = jsonPatch(document, [operation]);
    assert.deepEqual(patched, JSON.parse(wanted));
    assert.deepEqual(document, { a: 1, list: [1, 2], "x/y": { z: null } });
  }
});

Deno.test("a JSON patch that does not fit is refused as a whole", () => {
  const document = { a: 1, list: [1, 2], "x/y": { z: null } };
  for (const operation of REFUSED) {
    assert.throws(() => jsonPatch(document, [operation]), { name: "ApiError" });
  }
  assert.throws(() => jsonPatch(document, {}), /must be an array/);
  const doubling = { op: "copy", from: "", path: "/list/-" };
  assert.throws(() => jsonPatch(document, Array(100).fill(doubling)), /copies too much/);
});

Deno.test("a member called __proto__ is a member like any other", () => {
  const patched = jsonPatch({}, [{ op: "add", path: "/__proto__", value: { polluted: true } }]);
  assert.deepEqual(Object.keys(patched as object), ["__proto__"]);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("a strategic merge patch merges owners by uid and finalizers as a set", () => {
  const old = {
    data: { a: "1", b: "2" },
    metadata: { finalizers: ["x"], ownerReferences: [{ uid: "1", name: "a" }] },
  };
  assert.deepEqual(
    strategicPatch(old, {
      "$setElementOrder/x": [],
      data: { a: null, c: "3" },
      metadata: {
        finalizers: ["y", "x"],
        ownerReferences: [{ uid: "2", name: "b" }, { uid: "1", $patch: "delete" }],
      },
    }),
    {
      data: { b: "2", c: "3" },
      metadata: { finalizers: ["x", "y"], ownerReferences: [{ uid: "2", name: "b" }] },
    },
  );
  assert.deepEqual(strategicPatch(old, { data: { $patch: "replace", z: "1" } }).data, { z: "1" });
  assert.deepEqual(
    strategicPatch(old, { metadata: { "$deleteFromPrimitiveList/finalizers": ["x"] } }).metadata,
    { ...old.metadata, finalizers: [] },
  );
});

Deno.test("a strategic merge patch is for the kinds of the core group, as in a cluster", async () => {
  await using api = await TestApi.open();
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  await api.ask("POST", `${CORE}/configmaps`, {
    body: { metadata: { name: "c1" }, data: { a: "1" } },
  });
  const ours = await api.ask("PATCH", `${OURS}/exporters/e1`, { type: STRATEGIC, body: {} });
  assert.deepEqual([ours.code, ours.body.reason], [415, "UnsupportedMediaType"]);
  assert.match(
    ours.body.message,
    /application\/json-patch\+json, application\/merge-patch\+json, /,
  );
  const core = await api.ask("PATCH", `${CORE}/configmaps/c1`, {
    type: STRATEGIC,
    body: { data: { b: "2" } },
  });
  assert.deepEqual(core.body.data, { a: "1", b: "2" });
});

Deno.test("JSON patches of many at once all take effect", async () => {
  await using api = await TestApi.open();
  const path = `${OURS}/exporters/e1`;
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1", { a: "0" }) });
  const answers = await Promise.all(
    ["b", "c", "d"].map((key) =>
      api.ask("PATCH", path, {
        type: JSON_PATCH,
        body: [{ op: "add", path: `/metadata/labels/${key}`, value: "1" }],
      })
    ),
  );
  assert.deepEqual(answers.map(({ code }) => code), [200, 200, 200]);
  const { body } = await api.ask("GET", path);
  assert.deepEqual(body.metadata.labels, { a: "0", b: "1", c: "1", d: "1" });
});

Deno.test("a patch that names an old version, or another object, is refused", async () => {
  await using api = await TestApi.open();
  const path = `${OURS}/exporters/e1`;
  await api.ask("POST", `${OURS}/exporters`, { body: exporter("e1") });
  const replace = (path: string, value: unknown) => [{ op: "add", path, value }];
  for (
    const [body, code] of [
      [replace("/metadata/resourceVersion", "1000"), 409],
      [replace("/metadata/name", "e2"), 400],
      [replace("/metadata/uid", "other"), 409],
      [replace("/metadata", 1), 400],
      [replace("", 1), 400],
    ] as const
  ) {
    const answer = await api.ask("PATCH", path, { type: JSON_PATCH, body });
    assert.equal(answer.code, code, JSON.stringify(body));
  }
  const type = "application/merge-patch+json";
  const body = { metadata: { resourceVersion: "1000" } };
  assert.equal((await api.ask("PATCH", path, { type, body })).code, 409);
});
