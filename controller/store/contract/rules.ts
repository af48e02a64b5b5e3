import assert from "node:assert/strict";
import { BadRequestError, InvalidError } from "../errors.ts";
import type { Lease, Plural } from "../objects.ts";
import type { Store } from "../store.ts";
import { type ContractTest, leaseNamed } from "./subject.ts";

/** So many entries. */
const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));

const IMMUTABLE_CONTEXT = "context is immutable after creation";
const NO_TARGET = "spec: Invalid value: one of selector or exporterRef.name is required";
const CONTEXT = "spec: Invalid value: context keys max 32 chars, values max 64 chars";

/** Specs of a Lease that are refused, and what is said of them. */
const REFUSED: readonly [string, Record<string, unknown>, string][] = [
  ["an empty selector", { selector: {} }, NO_TARGET],
  ["no selector", { selector: undefined }, NO_TARGET],
  ["an empty expression list", { selector: { matchExpressions: [] } }, NO_TARGET],
  ["an empty pin", { selector: {}, exporterRef: { name: "" } }, NO_TARGET],
  ["no client", { clientRef: undefined }, "spec.clientRef: Required value"],
  [
    "a number for a duration",
    { duration: 5 },
    'spec.duration: Invalid value: "integer": spec.duration in body must be of type string: "integer"',
  ],
  [
    "a text for a switch",
    { release: "yes" },
    'spec.release: Invalid value: "string": spec.release in body must be of type boolean: "string"',
  ],
  [
    "a day that does not exist",
    { beginTime: "2026-02-30T00:00:00Z" },
    'spec.beginTime: Invalid value: "2026-02-30T00:00:00Z": spec.beginTime in body must be of type ' +
    'date-time: "2026-02-30T00:00:00Z"',
  ],
  [
    "an expression without a key",
    { selector: { matchExpressions: [{ operator: "Exists" }] } },
    "spec.selector.matchExpressions[0].key: Required value",
  ],
  ["11 tags", { tags: entries(11) }, "spec.tags: Too many: 11: must have at most 10 items"],
  [
    "9 context entries",
    { context: entries(9) },
    "spec.context: Too many: 9: must have at most 8 items",
  ],
  ["a 33-character context key", { context: { ["k".repeat(33)]: "v" } }, CONTEXT],
  ["a 65-character context value", { context: { k: "v".repeat(65) } }, CONTEXT],
];

/** Specs at the edge that are taken. */
const TAKEN: readonly [string, Partial<Lease["spec"]>][] = [
  ["a pin alone", { selector: {}, exporterRef: { name: "e1" } }],
  ["an expression alone", { selector: { matchExpressions: [{ key: "a", operator: "Exists" }] } }],
  ["10 tags", { tags: entries(10) }],
  ["8 context entries", { context: entries(8) }],
  ["context at its limits", { context: { ["k".repeat(32)]: "v".repeat(64) } }],
  ["context at its limits in characters", { context: { k: "😀".repeat(64) } }],
  ["no duration", {}],
  ["fractions of seconds and offsets", { beginTime: "2026-01-01T00:00:00.5+01:00" }],
];

/** Changes of a stored lease that are refused, or taken. */
const CHANGES: readonly [string, Partial<Lease["spec"]>, Record<string, unknown>, string?][] = [
  [
    "a tag changed",
    { tags: { a: "1" } },
    { tags: { a: "2" } },
    "tags are immutable after creation",
  ],
  ["a tag added", { tags: { a: "1" } }, { tags: { b: "1" } }, "tags are immutable after creation"],
  ["tags gone", { tags: { a: "1" } }, { tags: null }, "tags are immutable after creation"],
  ["first tags", {}, { tags: { a: "1" } }],
  [
    "a context value changed",
    { context: { a: "1" } },
    { context: { a: "2" } },
    IMMUTABLE_CONTEXT,
  ],
  ["context gone", { context: { a: "1" } }, { context: null }, IMMUTABLE_CONTEXT],
  ["first context", {}, { context: { a: "1" } }],
  ["something else", { tags: { a: "1" }, context: { a: "1" } }, { release: true }],
];

const SUBDOMAIN = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric " +
  "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. " +
  "'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Metadata that is refused. */
const METADATA: readonly [Record<string, unknown>, string][] = [
  [{ name: "A_b" }, `metadata.name: Invalid value: "A_b": ${SUBDOMAIN}`],
  [{ name: "" }, "metadata.name: Required value: name or generateName is required"],
  [
    { labels: { "/c": "v" } },
    'metadata.labels: Invalid value: "/c": prefix part must be non-empty',
  ],
  [
    { labels: { "a/b/c": "v" } },
    'metadata.labels: Invalid value: "a/b/c": a valid label key must consist of alphanumeric ' +
    "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. " +
    "'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' " +
    "(e.g. 'example.com/MyName')",
  ],
  [
    { finalizers: ["foo bar"] },
    'metadata.finalizers: Invalid value: "foo bar": name part must consist of alphanumeric ' +
    "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. " +
    "'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ],
  [
    { labels: { k: "v".repeat(64) } },
    `metadata.labels: Invalid value: "${"v".repeat(64)}": must be no more than 63 bytes`,
  ],
  [
    { labels: { ["k".repeat(64)]: "v" } },
    `metadata.labels: Invalid value: "${"k".repeat(64)}": name part must be no more than 63 bytes`,
  ],
  [
    { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "" }] },
    'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
  ],
  [
    { annotations: { big: "v".repeat(262144) } },
    "metadata.annotations: Too long: may not be more than 262144 bytes",
  ],
];

const CONDITION = {
  type: "Ready",
  status: "True",
  reason: "Ready",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

/** Statuses that are refused, as collection, status and the field that is named. */
const STATUSES: readonly [Plural, Record<string, unknown>, string][] = [
  ["leases", {}, "status.ended"],
  ["leases", { ended: "yes" }, "status.ended"],
  ["leases", { ended: false, priority: 1.5 }, "status.priority"],
  ["exporters", { exporterStatus: "Busy" }, "status.exporterStatus"],
  ["exporters", { lastSeen: "yesterday" }, "status.lastSeen"],
  ["clients", { tokenExpiresAt: 5 }, "status.tokenExpiresAt"],
  ...Object.entries({
    type: "a b",
    status: "Maybe",
    reason: "",
    message: "m".repeat(32769),
    lastTransitionTime: "never",
    observedGeneration: -1,
  }).map(([field, value]): [Plural, Record<string, unknown>, string] => [
    "leases",
    { ended: false, conditions: [{ ...CONDITION, [field]: value }] },
    `status.conditions[0].${field}`,
  ]),
];

async function refused(kind: string, name: string, promise: Promise<unknown>, fault: string) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof InvalidError, String(error));
    assert.equal(error.message, `${kind} "${name}" is invalid: ${fault}`);
    return true;
  });
}

/** Creates what the types would not let through. */
function create(store: Store, plural: Plural, draft: unknown): Promise<unknown> {
  return store.collection(plural).create(draft as never);
}

/** What is refused, and with which words. */
export const ruleTests: Record<string, ContractTest> = {
  "a lease has a selector or an exporter, or is refused [controller 1]": async (
    { store, namespace },
  ) => {
    const draft = leaseNamed(namespace, "l1", { selector: {} });
    await refused("Lease.jumpstarter.dev", "l1", store.leases.create(draft), NO_TARGET);
    const created = await store.leases.create(leaseNamed(namespace, "l1"));
    const changed = { ...created, spec: { ...created.spec, selector: {} } };
    await refused("Lease.jumpstarter.dev", "l1", store.leases.update(changed), NO_TARGET);
  },

  "a lease that breaks its schema or its rules is refused, and the field named": async (
    { store, namespace },
  ) => {
    for (const [what, spec, fault] of REFUSED) {
      const draft = leaseNamed(namespace, "l1");
      const broken = { ...draft, spec: { ...draft.spec, ...spec } };
      await refused("Lease.jumpstarter.dev", "l1", create(store, "leases", broken), fault)
        .catch((error) => assert.fail(`${what}: ${error}`));
    }
    assert.equal((await store.leases.list({ namespace })).items.length, 0);
  },

  "a lease at the edge of the rules is taken": async ({ store, namespace }) => {
    for (const [index, [what, spec]] of TAKEN.entries()) {
      await store.leases.create(leaseNamed(namespace, `l${index}`, spec))
        .catch((error) => assert.fail(`${what}: ${error}`));
    }
  },

  "tags and context are set once, and within their limits [controller 60]": async (
    { store, namespace },
  ) => {
    for (const [index, [what, spec, change, fault]] of CHANGES.entries()) {
      const name = `l${index}`;
      const { resourceVersion } = (await store.leases.create(leaseNamed(namespace, name, spec)))
        .metadata;
      const patching = store.leases.patch(namespace, name, { spec: change });
      if (fault === undefined) {
        assert.notEqual((await patching).metadata.resourceVersion, resourceVersion, what);
      } else {
        const text = `spec: Invalid value: ${fault}`;
        await refused("Lease.jumpstarter.dev", name, patching, text)
          .catch((error) => assert.fail(`${what}: ${error}`));
      }
    }
    for (const [what, spec, fault] of REFUSED.filter(([, spec]) => "context" in spec)) {
      const draft = leaseNamed(namespace, "over");
      const over = { ...draft, spec: { ...draft.spec, ...spec } };
      await refused("Lease.jumpstarter.dev", "over", create(store, "leases", over), fault)
        .catch((error) => assert.fail(`${what}: ${error}`));
    }
  },

  "metadata is checked": async ({ store, namespace }) => {
    for (const [metadata, fault] of METADATA) {
      const draft = { metadata: { namespace, name: "c1", ...metadata }, spec: {} };
      const name = String(metadata.name ?? "c1");
      await refused("Client.jumpstarter.dev", name, create(store, "clients", draft), fault);
    }
  },

  "an object that is too large is refused": async ({ store, namespace }) => {
    const spec = { username: "x".repeat(3 * 1024 * 1024) };
    const metadata = { namespace, name: "c1" };
    await assert.rejects(store.clients.create({ metadata, spec }), BadRequestError);
    assert.deepEqual((await store.clients.list({ namespace })).items, []);
  },

  "a status is checked, and the field named": async ({ store, namespace }) => {
    await store.leases.create(leaseNamed(namespace, "x"));
    await store.exporters.create({ metadata: { namespace, name: "x" }, spec: {} });
    await store.clients.create({ metadata: { namespace, name: "x" }, spec: {} });
    for (const [plural, status, field] of STATUSES) {
      const patching = store.collection(plural).patch(namespace, "x", { status }, {
        subresource: "status",
      });
      await assert.rejects(patching, (error) => {
        assert.ok(error instanceof InvalidError, `${field}: ${error}`);
        assert.deepEqual(error.subject.causes?.map((cause) => cause.field), [field]);
        return true;
      });
    }
  },

  "unknown members and nulls are dropped, and defaults filled in": async ({ store, namespace }) => {
    const exporter = await store.exporters.create({
      metadata: { namespace, name: "e1" },
      spec: { username: null, colour: "red" },
      colour: "red",
    } as never);
    assert.deepEqual(exporter.spec, { enabled: true });
    assert.equal("colour" in exporter, false);
    const lease = await store.leases.create({
      metadata: { namespace, name: "l1" },
      spec: { clientRef: {}, exporterRef: { name: "e1" } },
    } as never);
    assert.deepEqual(lease.spec, {
      clientRef: { name: "" },
      exporterRef: { name: "e1" },
      selector: {},
    });
  },

  "a policy keeps its rules": async ({ store, namespace }) => {
    const spec = {
      exporterSelector: { matchLabels: { board: "rpi4" } },
      policies: [{
        description: "the team",
        priority: 10,
        from: [{ clientSelector: {} }],
        maximumDuration: "1h",
        spotAccess: false,
      }],
    };
    const metadata = { namespace, name: "p" };
    const policy = await store.exporteraccesspolicies.create({ metadata, spec });
    assert.deepEqual(policy.spec, spec);
    await assert.rejects(
      create(store, "exporteraccesspolicies", {
        metadata: { namespace, name: "q" },
        spec: { policies: [{ priority: "high" }] },
      }),
      /spec\.policies\[0\]\.priority in body must be of type integer: "string"/,
    );
  },

  "data of Secrets and ConfigMaps is checked": async ({ store, namespace }) => {
    const metadata = { namespace, name: "s" };
    for (
      const [plural, content, fault] of [
        [
          "secrets",
          { data: { "a b": "eA==" } },
          /data\[a b\]: Invalid value: "a b": a valid config key/,
        ],
        ["secrets", { data: { "..": "eA==" } }, /data\[\.\.\]: Invalid value: "\.\.": must not be/],
        ["secrets", { data: { a: "%" } }, /data\.a/],
        ["configmaps", { data: { a: 1 } }, /data\.a/],
        [
          "configmaps",
          { data: { a: "x".repeat(1048577) } },
          /Too long: may not be more than 1048576/,
        ],
        ["configmaps", { data: { a: "" }, binaryData: { a: "" } }, /duplicate of key present/],
      ] as const
    ) {
      await assert.rejects(create(store, plural, { metadata, ...content }), fault);
    }
    const immutable = true;
    const secret = await store.secrets.create({ metadata, immutable, data: { a: "eA==" } });
    await assert.rejects(
      store.secrets.update({ ...secret, data: {} }),
      /data: Forbidden: field is immutable when `immutable` is set/,
    );
    await assert.rejects(store.secrets.update({ ...secret, type: "other" }), /type: Invalid value/);
  },
};
