import assert from "node:assert/strict";
import {
  AlreadyExistsError,
  BadRequestError,
  ConflictError,
  InvalidError,
  NotFoundError,
} from "../errors.ts";
import { clientNamed, type ContractTest, exporterNamed, leaseNamed } from "./subject.ts";

/** Reads, writes, versions. */
export const objectTests: Record<string, ContractTest> = {
  "a new object gets what the store gives: kind, uid, version, generation, time": async (
    { store, namespace },
  ) => {
    const created = await store.clients.create(clientNamed(namespace, "alice", { team: "a" }));
    const { uid, resourceVersion, generation, creationTimestamp, labels } = created.metadata;
    assert.equal(created.apiVersion, "jumpstarter.dev/v1alpha1");
    assert.equal(created.kind, "Client");
    assert.match(uid, /^[0-9a-f-]{36}$/);
    assert.match(resourceVersion, /^\d+$/);
    assert.equal(generation, 1);
    assert.match(creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(labels, { team: "a" });
    assert.deepEqual(await store.clients.get(namespace, "alice"), created);
  },

  "what is not there is not found, whatever is asked of it": async ({ store, namespace }) => {
    const missing = { name: "NotFoundError", message: 'leases.jumpstarter.dev "l1" not found' };
    const lease = await store.leases.create(leaseNamed(namespace, "l1"));
    await store.leases.delete(namespace, "l1");
    await assert.rejects(store.leases.get(namespace, "l1"), missing);
    await assert.rejects(store.leases.update(lease), missing);
    await assert.rejects(store.leases.updateStatus({ ...lease, status: { ended: true } }), missing);
    await assert.rejects(store.leases.patch(namespace, "l1", { spec: { release: true } }), missing);
    await assert.rejects(store.leases.delete(namespace, "l1"), missing);
    await assert.rejects(store.secrets.get(namespace, "s"), { message: 'secrets "s" not found' });
  },

  "a name is taken once in a namespace and kind": async ({ store, namespace }) => {
    await store.clients.create(clientNamed(namespace, "one"));
    await store.exporters.create(exporterNamed(namespace, "one"));
    await assert.rejects(store.clients.create(clientNamed(namespace, "one")), (error) => {
      assert.ok(error instanceof AlreadyExistsError);
      assert.equal(error.message, 'clients.jumpstarter.dev "one" already exists');
      assert.equal(error.status, 409);
      return true;
    });
  },

  "an object created anew under an old name is another one": async ({ store, namespace }) => {
    const first = await store.clients.create(clientNamed(namespace, "alice"));
    await store.clients.delete(namespace, "alice");
    const second = await store.clients.create(clientNamed(namespace, "alice"));
    assert.notEqual(second.metadata.uid, first.metadata.uid);
    assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
    await assert.rejects(store.clients.update(first), ConflictError);
  },

  "a name is made from generateName": async ({ store, namespace }) => {
    const draft = leaseNamed(namespace, "");
    const metadata = { namespace, generateName: "lease-" };
    const [one, two] = await Promise.all([
      store.leases.create({ ...draft, metadata }),
      store.leases.create({ ...draft, metadata }),
    ]);
    assert.match(one.metadata.name, /^lease-[a-z0-9]{5}$/);
    assert.notEqual(one.metadata.name, two.metadata.name);
  },

  "an update of an old version is a conflict, and changes nothing": async (
    { store, namespace },
  ) => {
    const read = await store.leases.create(leaseNamed(namespace, "l1"));
    const changed = await store.leases.update({ ...read, spec: { ...read.spec, release: true } });
    assert.notEqual(changed.metadata.resourceVersion, read.metadata.resourceVersion);
    const late = { ...read, spec: { ...read.spec, duration: "2h0m0s" } };
    await assert.rejects(store.leases.update(late), {
      name: "ConflictError",
      message:
        'Operation cannot be fulfilled on leases.jumpstarter.dev "l1": the object has been ' +
        "modified; please apply your changes to the latest version and try again",
    });
    await assert.rejects(
      store.leases.updateStatus({ ...read, status: { ended: false } }),
      ConflictError,
    );
    assert.deepEqual(await store.leases.get(namespace, "l1"), changed);
  },

  "of many who update one version, one wins": async ({ store, namespace }) => {
    const read = await store.leases.create(leaseNamed(namespace, "l1"));
    const results = await Promise.allSettled(
      Array.from(
        { length: 20 },
        (_, index) =>
          store.leases.update({ ...read, spec: { ...read.spec, duration: `${index + 2}h` } }),
      ),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    for (const result of results) {
      assert.ok(result.status === "fulfilled" || result.reason instanceof ConflictError);
    }
  },

  "an update must say which version it changes, but of Secrets and ConfigMaps": async (
    { store, namespace },
  ) => {
    const client = await store.clients.create(clientNamed(namespace, "alice"));
    client.metadata.resourceVersion = "";
    await assert.rejects(store.clients.update(client), (error) => {
      assert.ok(error instanceof InvalidError);
      assert.equal(error.subject.causes?.[0]?.field, "metadata.resourceVersion");
      return true;
    });
    const secret = await store.secrets.create({ metadata: { namespace, name: "s" } });
    secret.metadata.resourceVersion = "";
    const data = { token: "eA==" };
    assert.deepEqual((await store.secrets.update({ ...secret, data })).data, data);
  },

  "an update that changes nothing makes no new version": async ({ store, namespace }) => {
    const lease = await store.leases.create(leaseNamed(namespace, "l1"));
    assert.deepEqual(await store.leases.update(lease), lease);
    assert.deepEqual(await store.leases.patch(namespace, "l1", { spec: {} }), lease);
  },

  "what the store gives cannot be changed by an update": async ({ store, namespace }) => {
    const { metadata, ...rest } = await store.clients.create(clientNamed(namespace, "alice"));
    const creationTimestamp = "2000-01-01T00:00:00Z";
    const updated = await store.clients.update({
      ...rest,
      spec: { username: "dex:alice" },
      metadata: { ...metadata, creationTimestamp, generation: 77 },
    });
    assert.equal(updated.metadata.creationTimestamp, metadata.creationTimestamp);
    assert.equal(updated.metadata.generation, 2);
    const uid = crypto.randomUUID();
    await assert.rejects(
      store.clients.update({ ...updated, metadata: { ...updated.metadata, uid } }),
      ConflictError,
    );
  },

  "what is read is the reader's: changing it changes no store": async ({ store, namespace }) => {
    const draft = clientNamed(namespace, "alice", { a: "b" });
    const creating = store.clients.create(draft);
    draft.metadata.labels = { a: "changed" };
    const created = await creating;
    created.metadata.labels = { a: "changed" };
    const read = await store.clients.get(namespace, "alice");
    assert.deepEqual(read.metadata.labels, { a: "b" });
    const updating = store.clients.update({ ...read, spec: { username: "x" } });
    Object.assign(read.metadata, { labels: {} });
    assert.equal((await updating).spec.username, "x");
  },

  "a merge patch adds, replaces and removes": async ({ store, namespace }) => {
    await store.exporters.create(exporterNamed(namespace, "e1", { a: "1", b: "2" }));
    const patched = await store.exporters.patch(namespace, "e1", {
      metadata: { labels: { a: null, b: "3", c: "4" } },
      spec: { enabled: false },
      status: { statusMessage: "not through this door" },
    });
    assert.deepEqual(patched.metadata.labels, { b: "3", c: "4" });
    assert.deepEqual(patched.spec, { enabled: false });
    assert.equal(patched.status, undefined);
    const status = { exporterStatus: "Available", devices: [{ uuid: "u" }] };
    const reported = await store.exporters.patch(namespace, "e1", { status, spec: null }, {
      subresource: "status",
    });
    assert.deepEqual(reported.status, status);
    assert.deepEqual(reported.spec, { enabled: false });
    const gone = await store.exporters.patch(namespace, "e1", { status: { devices: null } }, {
      subresource: "status",
    });
    assert.deepEqual(gone.status, { exporterStatus: "Available" });
  },

  "patches need no version, but heed one": async ({ store, namespace }) => {
    const { metadata: { resourceVersion } } = await store.leases.create(
      leaseNamed(namespace, "l1"),
    );
    const patches = Array.from(
      { length: 8 },
      (_, index) =>
        store.leases.patch(namespace, "l1", { metadata: { annotations: { [`k${index}`]: "v" } } }),
    );
    await Promise.all(patches);
    const { metadata } = await store.leases.get(namespace, "l1");
    assert.equal(Object.keys(metadata.annotations ?? {}).length, 8);
    await assert.rejects(
      store.leases.patch(namespace, "l1", {
        metadata: { resourceVersion },
        spec: { release: true },
      }),
      ConflictError,
    );
    await assert.rejects(
      store.leases.patch(namespace, "l1", { metadata: { name: "other" } }),
      BadRequestError,
    );
    await assert.rejects(store.leases.patch(namespace, "l1", ["no object"]), BadRequestError);
  },

  "a delete heeds its preconditions": async ({ store, namespace }) => {
    const { metadata: { uid, resourceVersion } } = await store.clients.create(
      clientNamed(namespace, "alice"),
    );
    for (const preconditions of [{ uid: crypto.randomUUID() }, { resourceVersion: "0" }]) {
      await assert.rejects(
        store.clients.delete(namespace, "alice", { preconditions }),
        ConflictError,
      );
    }
    const deleted = await store.clients.delete(namespace, "alice", {
      preconditions: { uid, resourceVersion },
    });
    assert.equal(deleted.metadata.uid, uid);
    await assert.rejects(store.clients.get(namespace, "alice"), NotFoundError);
  },

  "a dry run answers as if, and does nothing": async ({ store, namespace }) => {
    const dryRun = true;
    const would = await store.clients.create(clientNamed(namespace, "alice"), { dryRun });
    assert.equal(would.metadata.name, "alice");
    await assert.rejects(store.clients.get(namespace, "alice"), NotFoundError);
    const created = await store.clients.create(clientNamed(namespace, "alice"));
    await assert.rejects(
      store.clients.create(clientNamed(namespace, "alice"), { dryRun }),
      AlreadyExistsError,
    );
    const spec = { username: "x" };
    assert.deepEqual((await store.clients.update({ ...created, spec }, { dryRun })).spec, spec);
    assert.deepEqual(
      (await store.clients.patch(namespace, "alice", { spec }, { dryRun })).spec,
      spec,
    );
    await store.clients.delete(namespace, "alice", { dryRun });
    assert.deepEqual(await store.clients.get(namespace, "alice"), created);
  },

  "a Secret's text is stored as data": async ({ store, namespace }) => {
    const secret = await store.secrets.create({
      metadata: { namespace, name: "s" },
      data: { old: "eA==", token: "eA==" },
      stringData: { token: "grün" },
    });
    assert.equal(secret.type, "Opaque");
    assert.equal(secret.stringData, undefined);
    assert.deepEqual(secret.data, { old: "eA==", token: "Z3LDvG4=" });
  },

  "a collection is found by its name": async ({ store, namespace }) => {
    await store.configmaps.create({ metadata: { namespace, name: "c" }, data: { a: "b" } });
    const found = await store.collection("configmaps").get(namespace, "c");
    assert.deepEqual([found.kind, found.data], ["ConfigMap", { a: "b" }]);
  },
};
