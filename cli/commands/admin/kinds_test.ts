import assert from "node:assert/strict";
import { type AdminKind, DEVICES, EXPORTER, LEASE, POLICY, resourceName } from "./kinds.ts";
import { readLabels } from "./labels.ts";

const NOW = Date.parse("2026-06-01T00:05:10Z");
const metadata = { name: "x", creationTimestamp: "2026-06-01T00:00:00Z" };

/** An object without its metadata, and its rows without those that its table has in any case. */
const objects: [does: string, kind: AdminKind, rest: object, rows: string[][]][] = [
  ["an exporter that was never seen", EXPORTER, {}, [["x", "Unknown", "", "0", "5m10s"]]],
  [
    "the devices of an exporter",
    DEVICES,
    {
      status: {
        exporterStatus: "Available",
        endpoint: "lab:8082",
        devices: [{ uuid: "u1", labels: { a: "b", c: "d" } }, { uuid: "u2" }],
      },
    },
    [
      ["x", "Available", "lab:8082", "5m10s", "a:b,c:d", "u1"],
      ["x", "Available", "lab:8082", "5m10s", "", "u2"],
    ],
  ],
  [
    "a lease that nobody has looked at",
    LEASE,
    { spec: { clientRef: { name: "c1" }, selector: {} } },
    [["x", "c1", "*", "", "", "InProgress", "", "", "", "5m10s"]],
  ],
  [
    "a lease that has ended",
    LEASE,
    {
      spec: {
        clientRef: { name: "c1" },
        duration: "1h",
        selector: {
          matchLabels: { a: "b" },
          matchExpressions: [{ key: "c", operator: "NotIn", values: ["d", "e"] }],
        },
      },
      status: {
        ended: true,
        exporterRef: { name: "e1" },
        beginTime: "B",
        endTime: "E",
        conditions: [{ reason: "Ready" }, { reason: "Expired" }],
      },
    },
    [["x", "c1", "a:b,c notin (d,e)", "e1", "1h", "Ended", "Expired", "B", "E", "5m10s"]],
  ],
  ["a policy without rules", POLICY, { spec: {} }, [["x", "*", "nobody", "0", "any", "5m10s"]]],
];

for (const [does, kind, rest, expected] of objects) {
  Deno.test(`the table shows ${does}`, () => {
    const rows = kind.rows({ metadata, ...rest }, NOW);
    assert.deepEqual(rows, expected);
    for (const row of rows) assert.equal(row.length, kind.header.length);
  });
}

Deno.test("a name says its kind", () => {
  assert.equal(resourceName(DEVICES, "e1"), "exporter.jumpstarter.dev/e1");
});

Deno.test("labels are read as Kubernetes takes them", () => {
  assert.deepEqual(readLabels(["a=b", "c=", "x.io/a=b", "a=c"]), { a: "c", c: "", "x.io/a": "b" });
  const wrong = ["a", "=b", "a b=c", "a=b c", "a=b=c", "a/b/c=d", `a=${"x".repeat(64)}`, "a=b\n"];
  for (const label of wrong) {
    assert.throws(() => readLabels([label]), { code: "usage", message: /^--label: / }, label);
  }
});
