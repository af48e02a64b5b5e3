import assert from "node:assert/strict";
import { Access } from "./access.ts";
import { compareCandidates } from "./candidates.ts";
import type { AccessRule, Client, Exporter, ExporterAccessPolicy } from "./objects.ts";

const HOUR = 3_600_000;
const object = (name: string, labels = {}) => ({
  apiVersion: "",
  kind: "",
  metadata: { name, labels },
  spec: {},
});
const client: Client = object("c", { team: "red" });
const exporter: Exporter = object("e", { board: "a" });
const everyone = [{ clientSelector: {} }];

function policy(rules: AccessRule[], board = "a"): ExporterAccessPolicy {
  const spec = { exporterSelector: { matchLabels: { board } }, policies: rules };
  return { ...object(`for-${board}`), spec };
}

Deno.test("the best rule that lets the client in counts", () => {
  const approved = (rules: AccessRule[], duration = 0) =>
    new Access([policy(rules)]).judge(client, exporter, duration).approval;
  const red = [{ clientSelector: { matchLabels: { team: "red" } } }];
  const blue = [{ clientSelector: { matchLabels: { team: "blue" } } }];
  const cases: [AccessRule[], priority: number | undefined, duration?: number][] = [
    [[{ from: everyone }], 0],
    [[{ from: [{}], priority: 3 }], 3],
    [[{ from: red, priority: 5 }, { from: red, priority: 10 }], 10],
    [[{ from: [...blue, ...red], priority: 4 }], 4],
    [[{ from: blue }], undefined],
    [[{ priority: 9 }], undefined],
    [[{ from: red, priority: 1 }, { from: red, priority: 9, spotAccess: true }], 1],
    [[{ from: red, maximumDuration: "1h" }], 0, HOUR],
    [[{ from: red, maximumDuration: "1h" }], undefined, HOUR + 1],
  ];
  for (const [rules, priority, duration] of cases) {
    assert.equal(approved(rules, duration)?.priority, priority, JSON.stringify(rules));
  }
});

Deno.test("without policies all is open, and with one, all else is closed", () => {
  assert.deepEqual(new Access([]).judge(undefined, exporter, HOUR).approval?.priority, 0);
  const other = new Access([policy([{ from: everyone }], "b")]);
  assert.equal(other.judge(client, exporter, 0).approval, undefined);
});

Deno.test("a policy that cannot be read lets nobody in, and says so", () => {
  const access = new Access([policy([{ from: everyone, maximumDuration: "30d" }])]);
  assert.equal(access.judge(client, exporter, 0).approval, undefined);
  assert.deepEqual(access.faults, [
    'policy for-a lets nobody in: "30d" is not a duration; write for example 1h30m, 90s or 500ms',
  ]);
});

Deno.test("candidates are tried without spot access first, by priority, then by name [controller 27]", () => {
  const candidate = (name: string, priority: number, spotAccess = false) => ({
    exporter: object(name),
    priority,
    spotAccess,
    isOnline: true,
    isReady: true,
  });
  const order = [
    candidate("e2", 5),
    candidate("e2", 100, true),
    candidate("e1", 10),
    candidate("e1", 5),
    candidate("e2", 10, true),
  ].sort(compareCandidates);
  assert.deepEqual(
    order.map(({ exporter, priority }) => `${exporter.metadata.name}/${priority}`),
    ["e1/10", "e1/5", "e2/5", "e2/100", "e2/10"],
  );
});
