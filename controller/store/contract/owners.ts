import assert from "node:assert/strict";
import { InvalidError, NotFoundError } from "../errors.ts";
import type { Opened } from "./subject.ts";
import { clientNamed, type ContractTest, exporterNamed, leaseNamed, ownedBy } from "./subject.ts";

/** An exporter, and leases that belong to it. */
async function exporterWithLeases({ store, namespace }: Opened, count: number) {
  const exporter = await store.exporters.create(exporterNamed(namespace, "e1"));
  const ownerReferences = [ownedBy(exporter)];
  await Promise.all(Array.from({ length: count }, (_, index) => {
    const { spec } = leaseNamed(namespace, "");
    return store.leases.create({
      metadata: { namespace, name: `l${index}`, ownerReferences },
      spec,
    });
  }));
  return exporter;
}

/** What becomes of objects whose owners go. */
export const ownerTests: Record<string, ContractTest> = {
  "who deletes an owner deletes what it owns, before the answer": async (opened) => {
    const { store, namespace } = opened;
    await exporterWithLeases(opened, 120);
    await store.leases.create(leaseNamed(namespace, "other"));
    await store.exporters.delete(namespace, "e1");
    const left = await store.leases.list({ namespace });
    assert.deepEqual(left.items.map(({ metadata }) => metadata.name), ["other"]);
  },

  "what is owned by what is owned goes too": async ({ store, namespace }) => {
    const client = await store.clients.create(clientNamed(namespace, "alice"));
    const secret = await store.secrets.create({
      metadata: { namespace, name: "alice-client", ownerReferences: [ownedBy(client)] },
    });
    await store.configmaps.create({
      metadata: { namespace, name: "note", ownerReferences: [ownedBy(secret)] },
    });
    await store.clients.delete(namespace, "alice");
    await assert.rejects(store.secrets.get(namespace, "alice-client"), NotFoundError);
    await assert.rejects(store.configmaps.get(namespace, "note"), NotFoundError);
  },

  "an object stays until its last owner goes": async ({ store, namespace }) => {
    const [one, two] = [
      await store.clients.create(clientNamed(namespace, "one")),
      await store.clients.create(clientNamed(namespace, "two")),
    ];
    const ownerReferences = [ownedBy(one), { ...ownedBy(two), controller: false }];
    await store.secrets.create({ metadata: { namespace, name: "s", ownerReferences } });
    await store.clients.delete(namespace, "one");
    const { metadata } = await store.secrets.get(namespace, "s");
    assert.deepEqual(metadata.ownerReferences?.map(({ name }) => name), ["two"]);
    await store.clients.delete(namespace, "two");
    await assert.rejects(store.secrets.get(namespace, "s"), NotFoundError);
  },

  "orphans stay, without the owner": async (opened) => {
    const { store, namespace } = opened;
    await exporterWithLeases(opened, 60);
    await store.exporters.delete(namespace, "e1", { propagation: "orphan" });
    const { items } = await store.leases.list({ namespace });
    assert.equal(items.length, 60);
    assert.ok(items.every(({ metadata }) => metadata.ownerReferences === undefined));
  },

  "an object whose owner is gone already is garbage": async (opened) => {
    const { store, namespace } = opened;
    const exporter = await exporterWithLeases(opened, 0);
    const lease = await store.leases.create(leaseNamed(namespace, "l1"));
    await store.exporters.delete(namespace, "e1");
    await store.exporters.create(exporterNamed(namespace, "e1"));
    const ownerReferences = [ownedBy(exporter)];
    await store.leases.update({ ...lease, metadata: { ...lease.metadata, ownerReferences } });
    await assert.rejects(store.leases.get(namespace, "l1"), NotFoundError);
  },

  "owners of kinds the store does not keep are taken to live": async ({ store, namespace }) => {
    const pod = { apiVersion: "v1", kind: "Pod", name: "p", uid: crypto.randomUUID() };
    const client = await store.clients.create(clientNamed(namespace, "alice"));
    for (const [name, ownerReferences] of [["a", [pod]], ["b", [pod, ownedBy(client)]]] as const) {
      await store.secrets.create({
        metadata: { namespace, name, ownerReferences: [...ownerReferences] },
      });
    }
    await store.clients.delete(namespace, "alice");
    assert.equal((await store.secrets.list({ namespace })).items.length, 2);
  },

  "finalizers hold a deletion back": async ({ store, namespace }) => {
    const finalizers = ["jumpstarter.dev/cleanup"];
    await store.clients.create({ metadata: { namespace, name: "alice", finalizers }, spec: {} });
    const marked = await store.clients.delete(namespace, "alice");
    assert.match(marked.metadata.deletionTimestamp ?? "", /Z$/);
    assert.equal(marked.metadata.generation, 2);
    assert.deepEqual(await store.clients.delete(namespace, "alice"), marked);
    const more = { metadata: { finalizers: [...finalizers, "jumpstarter.dev/more"] } };
    await assert.rejects(store.clients.patch(namespace, "alice", more), InvalidError);
    const secret = await store.secrets.create({
      metadata: { namespace, name: "s", ownerReferences: [ownedBy(marked)] },
    });
    await store.clients.patch(namespace, "alice", { metadata: { finalizers: null } });
    await assert.rejects(store.clients.get(namespace, "alice"), NotFoundError);
    await assert.rejects(store.secrets.get(namespace, secret.metadata.name), NotFoundError);
  },
};
