import assert from "node:assert/strict";
import { KINDS, PLURALS } from "./kinds.ts";
import { SCHEMAS, shape } from "./validate.ts";

Deno.test("shape() names the members that no schema knows", () => {
  const { object, unknown } = shape(KINDS.leases, {
    durration: "1h",
    metadata: { anything: true },
    spec: {
      clientRef: { name: "a", kind: "Client" },
      selector: { matchLabels: { any: "key" }, matchExpressions: [{ key: "k", op: "In" }] },
    },
  });
  assert.deepEqual(unknown, [
    "durration",
    "spec.clientRef.kind",
    "spec.selector.matchExpressions[0].op",
  ]);
  assert.deepEqual(object.spec, {
    clientRef: { name: "a" },
    selector: { matchLabels: { any: "key" }, matchExpressions: [{ key: "k" }] },
  });
});

Deno.test("shape() shares nothing with what it is given, and gives each object its own defaults", () => {
  const input = { spec: { clientRef: { name: "a" }, tags: { a: "b" } } };
  const { object } = shape(KINDS.leases, input);
  input.spec.tags.a = "c";
  assert.deepEqual(object.spec, { clientRef: { name: "a" }, tags: { a: "b" }, selector: {} });
  const again = shape(KINDS.leases, input).object.spec as { selector: object };
  assert.notEqual((object.spec as { selector: object }).selector, again.selector);
});

Deno.test("schemas are served as they are: their JSON holds the rules as CEL, and nothing of ours", () => {
  for (const plural of PLURALS) {
    const served = JSON.parse(JSON.stringify(SCHEMAS[plural]));
    assert.equal(served.type, "object");
    assert.ok(served.properties.metadata);
  }
  const { spec } = JSON.parse(JSON.stringify(SCHEMAS.leases)).properties;
  const rules: Record<string, unknown>[] = spec["x-kubernetes-validations"];
  assert.deepEqual(rules.map(({ message }) => message), [
    "one of selector or exporterRef.name is required",
    "tags are immutable after creation",
    "context is immutable after creation",
    "context keys max 32 chars, values max 64 chars",
  ]);
  for (const rule of rules) assert.equal(typeof rule.rule, "string");
});

Deno.test("durations are Go's", () => {
  const { pattern = "" } = SCHEMAS.leases.properties?.spec?.properties?.duration ?? {};
  for (const good of ["0", "1h", "1h30m0s", "1.5s", ".5s", "-1h", "100ms", "1µs"]) {
    assert.match(good, new RegExp(pattern));
  }
  for (const bad of ["", "30d", "1", "h", "1h 30m", "1h30", "one hour"]) {
    assert.doesNotMatch(bad, new RegExp(pattern));
  }
});
