import assert from "node:assert/strict";
import { type Device, LabWorld } from "../../tests/model/lab_world.ts";
import { Access } from "./access.ts";
import { findCandidates } from "./candidates.ts";
import type { AccessRule, LeaseSpec } from "./objects.ts";

const A = { labels: { dut: "a" } };
const everyone = [{ clientSelector: {} }];
const others = [{ clientSelector: { matchLabels: { team: "other" } } }];

/** A lab with a client, and the exporters and rules given. */
function labOf(devices: Record<string, Partial<Device>>, ...policies: AccessRule[][]): LabWorld {
  const lab = new LabWorld();
  lab.setClient("c", { team: "red" });
  for (const [name, device] of Object.entries(devices)) lab.setExporter(name, device);
  for (const [index, rules] of policies.entries()) lab.addPolicy(`p${index}`, { policies: rules });
  return lab;
}

/** What becomes of the first lease, by its story and its last message. */
function outcome(lab: LabWorld, spec: Partial<LeaseSpec>): { story: string; message: string } {
  lab.addLease("l", spec);
  lab.settle();
  return { story: lab.story("l"), message: lab.message("l") };
}

const select = (dut: string, more: Partial<LeaseSpec> = {}): Partial<LeaseSpec> => ({
  selector: { matchLabels: { dut } },
  ...more,
});
const pin = (name: string, more: Partial<LeaseSpec> = {}): Partial<LeaseSpec> => ({
  exporterRef: { name },
  ...more,
});

type Row = readonly [
  what: string,
  lab: () => LabWorld,
  spec: Partial<LeaseSpec>,
  story: string,
  message?: RegExp,
];

const READY = "Ready=True/Ready";
const refusal = (reason: string) => `- ended Unsatisfiable=True/${reason}`;

const ROWS: readonly Row[] = [
  ["an exporter by name [controller 2]", () => labOf({ e1: A }), pin("e1"), `e1 ${READY}`],
  [
    "a name that does not exist [controller 3]",
    () => labOf({ e1: A }),
    pin("x"),
    refusal("ExporterNotFound"),
    /exporter x does not exist/,
  ],
  [
    "a name that does not fit the selector [controller 4]",
    () => labOf({ e1: A }),
    pin("e1", select("b")),
    refusal("SelectorMismatch"),
    /exporter e1 does not match the selector dut=b/,
  ],
  [
    "a selector that nothing matches [controller 7]",
    () => labOf({ e1: A }),
    select("zz"),
    refusal("NoAccess"),
    /^there are 0 exporters matching the request, but none of them are approved by any policy$/,
  ],
  [
    "exporters that are all offline [controller 8]",
    () => labOf({ e1: { ...A, isOnline: false } }),
    select("a"),
    "- Pending=True/Offline",
    /1 approved exporter, but none of them are online$/,
  ],
  [
    "approved exporters that are all offline [controller 9]",
    () => labOf({ e1: { ...A, isOnline: false } }, [{ from: everyone }]),
    select("a"),
    "- Pending=True/Offline",
  ],
  [
    "a policy for others [controller 10]",
    () => labOf({ e1: { ...A, isOnline: false } }, [{ from: others, description: "for others" }]),
    select("a"),
    refusal("NoAccess"),
    /1 exporter .*none of them are approved by any policy\. Matching policies: for others$/,
  ],
  [
    "two policies for others [controller 11]",
    () =>
      labOf(
        { e1: A },
        [{ from: others, description: "one" }],
        [{ from: others, description: "two" }, { from: others, description: "one" }],
      ),
    select("a"),
    refusal("NoAccess"),
    /Matching policies: one; two$/,
  ],
  [
    "rules without descriptions [controller 12]",
    () =>
      labOf(
        { e1: A },
        [{ from: others }, { from: others, description: "one" }, { from: others, description: "" }],
      ),
    select("a"),
    refusal("NoAccess"),
    /Matching policies: one$/,
  ],
  [
    "one exporter offline, one online [controller 14]",
    () => labOf({ e1: { ...A, isOnline: false }, e2: A }),
    select("a"),
    `e2 ${READY}`,
  ],
  [
    "exporters that clean up, or prepare [controller 15]",
    () =>
      labOf({ e1: { ...A, status: "AfterLeaseHook" }, e2: { ...A, status: "BeforeLeaseHook" } }),
    select("a"),
    "- Pending=True/NotReady",
    /2 approved exporters, but none are ready \(still cleaning up previous lease\)$/,
  ],
  [
    "an exporter whose hook failed",
    () => labOf({ e1: { ...A, status: "AfterLeaseHookFailed" } }),
    select("a"),
    "- Pending=True/NotReady",
    /none are ready \(a hook failed on each of them\)$/,
  ],
  [
    "one exporter that cleans up, one available [controller 16]",
    () => labOf({ e1: { ...A, status: "AfterLeaseHook" }, e2: A }),
    select("a"),
    `e2 ${READY}`,
  ],
  [
    "a disabled exporter by name [controller 20]",
    () => labOf({ e1: { ...A, isEnabled: false } }),
    pin("e1"),
    refusal("ExporterDisabled"),
    /e1 is disabled.*allowDisabled.*--allow-disabled/,
  ],
  [
    "a disabled exporter by name, allowed [controller 21]",
    () => labOf({ e1: { ...A, isEnabled: false } }),
    pin("e1", { allowDisabled: true }),
    `e1 ${READY}`,
  ],
  [
    "one exporter disabled, one enabled [controller 22]",
    () => labOf({ e1: { ...A, isEnabled: false }, e2: A }),
    select("a", { allowDisabled: true }),
    `e2 ${READY}`,
  ],
  [
    "exporters that are all disabled [controller 23]",
    () => labOf({ e1: { ...A, isEnabled: false }, e2: { ...A, isEnabled: false } }),
    select("a", { allowDisabled: true }),
    refusal("AllDisabled"),
    /2 matching exporters are all disabled/,
  ],
  [
    "a lease longer than a rule allows",
    () => labOf({ e1: A }, [{ from: everyone, maximumDuration: "1h" }]),
    select("a", { duration: "2h" }),
    refusal("NoAccess"),
    /none of them are approved by any policy for so long; at most 1h0m0s is$/,
  ],
  [
    "only spot access [controller 26]",
    () => labOf({ e1: A }, [{ from: everyone, spotAccess: true }]),
    select("a"),
    refusal("SpotAccess"),
    /spot access is not implemented/,
  ],
  [
    "an exporter that never reports a status",
    () => labOf({ e1: { ...A, status: undefined } }),
    select("a"),
    `e1 ${READY}`,
  ],
  ["nothing at all", () => labOf({ e1: A }), {}, "- ended Invalid=True/InvalidSelector", /empty/],
  [
    "a duration that cannot be read",
    () => labOf({ e1: A }),
    pin("e1", { duration: "30d" }),
    "- ended Invalid=True/InvalidSpec",
    /"30d" is not a duration/,
  ],
  [
    "policies, and no client",
    () => {
      const lab = labOf({ e1: A }, [{ from: everyone }]);
      lab.clients.clear();
      return lab;
    },
    select("a"),
    "- Pending=True/NotAvailable",
    /client does not exist/,
  ],
];

for (const [what, lab, spec, story, message] of ROWS) {
  Deno.test(`a lease asks for ${what}`, () => {
    const result = outcome(lab(), spec);
    assert.equal(result.story, story);
    if (message !== undefined) assert.match(result.message, message);
  });
}

Deno.test("a lease as long as a rule allows is granted [controller 25]", () => {
  const lab = labOf({ e1: A }, [{ from: everyone, maximumDuration: "1h" }]);
  assert.equal(outcome(lab, select("a", { duration: "1h" })).story, `e1 ${READY}`);
  lab.addLease("long", select("a", { duration: "2h" }));
  lab.settle();
  assert.equal(lab.story("long"), refusal("NoAccess"));
});

Deno.test("a lease notes the priority that it was granted with [controller 13]", () => {
  const lab = labOf({ e1: A }, [{ from: everyone, priority: 10 }]);
  outcome(lab, select("a"));
  assert.equal(lab.lease("l").status?.priority, 10);
  assert.equal(lab.lease("l").status?.spotAccess, false);
});

Deno.test("an exporter of which nobody said otherwise is enabled [controller 24]", () => {
  const lab = labOf({ e1: A });
  lab.exporters.set({ ...lab.exporters.get("e1")!, spec: {} });
  assert.equal(outcome(lab, select("a")).story, `e1 ${READY}`);
});

Deno.test("each exporter that is not for a lease has its reason", () => {
  const lab = labOf({ e1: A, e2: { ...A, isEnabled: false }, e3: A, e4: {} });
  lab.addPolicy("short", {
    exporterSelector: { matchLabels: { only: "e3" } },
    policies: [{ from: everyone, maximumDuration: "1m" }],
  });
  lab.setExporter("e3", { labels: { dut: "a", only: "e3" } });
  lab.addLease("l", select("a"));
  const { misfits } = findCandidates(lab.lease("l"), lab, new Access(lab.policies));
  assert.deepEqual(
    misfits.map(({ exporter, reason }) => `${exporter.metadata.name}: ${reason}`),
    ["e2: disabled", "e1: no policy approves the client", "e3: the lease is too long"],
  );
});

Deno.test("long lists of policies are cut", () => {
  const rules = Array.from({ length: 100 }, (_, index) => ({
    from: others,
    description: `${index} ${"x".repeat(100)}`,
  }));
  const { message } = outcome(labOf({ e1: A }, rules), select("a"));
  assert.match(message, /\.\.\.$/);
  assert.ok(message.length < 4300, String(message.length));
});
