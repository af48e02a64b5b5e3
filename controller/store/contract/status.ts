import assert from "node:assert/strict";
import { ConflictError, InvalidError, NotFoundError } from "../errors.ts";
import type { Lease } from "../objects.ts";
import { type ContractTest, exporterNamed, leaseNamed, ownedBy } from "./subject.ts";

/** What is written with a status, and what is not. */
export const statusTests: Record<string, ContractTest> = {
  "status and everything else are written apart": async ({ store, namespace }) => {
    const draft = { ...leaseNamed(namespace, "l1"), status: { ended: true } };
    const created = await store.leases.create(draft);
    assert.equal(created.status, undefined);
    const status: NonNullable<Lease["status"]> = {
      ended: false,
      exporterRef: { name: "e1" },
      conditions: [{
        type: "Ready",
        status: "True",
        reason: "Ready",
        message: "An exporter has been acquired",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        observedGeneration: 1,
      }],
    };
    const spec = { ...created.spec, release: true };
    const given = await store.leases.updateStatus({ ...created, spec, status });
    assert.deepEqual(given.status, status);
    assert.deepEqual(given.spec, created.spec);
    const released = await store.leases.update({ ...given, spec, status: { ended: true } });
    assert.deepEqual(released.status, status);
    assert.equal(released.spec.release, true);
  },

  "a status is written with everything else where that is asked for": async (
    { store, namespace },
  ) => {
    const draft = { ...leaseNamed(namespace, "l1"), status: { ended: false } };
    const created = await store.leases.create(draft, { status: true });
    assert.deepEqual(created.status, { ended: false });
    assert.equal(created.metadata.generation, 1);
    const released = {
      ...created,
      spec: { ...created.spec, release: true },
      status: { ended: true },
    };
    const dryRun = { status: true, dryRun: true };
    assert.deepEqual((await store.leases.update(released, dryRun)).status, { ended: true });
    const updated = await store.leases.update(released, { status: true });
    assert.deepEqual(updated.status, { ended: true });
    assert.equal(updated.metadata.generation, 2);
    await assert.rejects(store.leases.update(released, { status: true }), ConflictError);
    const bad = { ...leaseNamed(namespace, "l2"), status: { ended: "no" } } as unknown as Lease;
    await assert.rejects(store.leases.create(bad, { status: true }), InvalidError);
    await assert.rejects(store.leases.get(namespace, "l2"), NotFoundError);
  },

  "labels and owners are written with a status where that is asked for": async (
    { store, namespace },
  ) => {
    const exporter = await store.exporters.create(exporterNamed(namespace, "e1"));
    const draft = leaseNamed(namespace, "l1");
    draft.metadata.labels = { before: "true" };
    const lease = await store.leases.create(draft);
    const change = (lease: Lease, labels: Record<string, string>): Lease => ({
      ...lease,
      metadata: {
        ...lease.metadata,
        labels,
        ownerReferences: [ownedBy(exporter)],
        finalizers: ["x"],
      },
      status: { ended: true },
    });
    const kept = await store.leases.updateStatus(change(lease, { after: "true" }));
    assert.deepEqual(kept.metadata.labels, { before: "true" });
    const options = { metadata: true };
    const marked = await store.leases.updateStatus(change(kept, { after: "true" }), options);
    assert.deepEqual(marked.metadata.labels, { after: "true" });
    assert.deepEqual(marked.metadata.ownerReferences, [ownedBy(exporter)]);
    assert.equal(marked.metadata.finalizers, undefined);
    assert.equal(marked.metadata.generation, 1);
    const bad = change(marked, { "no label": "x" });
    await assert.rejects(store.leases.updateStatus(bad, options), InvalidError);
    await assert.rejects(store.leases.updateStatus(change(kept, {}), options), ConflictError);
    await store.exporters.delete(namespace, "e1");
    await assert.rejects(store.leases.get(namespace, "l1"), NotFoundError);
  },

  "the generation counts changes of the spec only": async ({ store, namespace }) => {
    let lease = await store.leases.create(leaseNamed(namespace, "l1"));
    lease = await store.leases.updateStatus({ ...lease, status: { ended: false } });
    assert.equal(lease.metadata.generation, 1);
    const labels = { "jumpstarter.dev/lease-ended": "true" };
    lease = await store.leases.update({ ...lease, metadata: { ...lease.metadata, labels } });
    assert.equal(lease.metadata.generation, 1);
    lease = await store.leases.update({ ...lease, spec: { ...lease.spec, release: true } });
    assert.equal(lease.metadata.generation, 2);
  },
};
