import assert from "node:assert/strict";
import { ExpiredError, StoreError } from "../errors.ts";
import type { StoredObject } from "../objects.ts";
import type { WatchEvent } from "../store.ts";
import { random } from "../testing/random.ts";
import { clientNamed, type ContractTest, exporterNamed, leaseNamed } from "./subject.ts";

/** The next events, as `TYPE name`. */
async function told<T extends StoredObject>(
  watch: AsyncIterator<WatchEvent<T>>,
  count: number,
): Promise<string[]> {
  const events: string[] = [];
  for (let index = 0; index < count; index++) {
    const { value, done } = await watch.next();
    assert.ok(!done, `the watch ended after ${events}`);
    events.push(
      value.type === "BOOKMARK" ? "BOOKMARK" : `${value.type} ${value.object.metadata.name}`,
    );
  }
  return events;
}

/** What watches tell. */
export const watchTests: Record<string, ContractTest> = {
  "a watch goes on where a list ended": async ({ store, namespace }) => {
    await store.clients.create(clientNamed(namespace, "before"));
    const { resourceVersion } = await store.clients.list({ namespace });
    const client = await store.clients.create(clientNamed(namespace, "a"));
    const watch = store.clients.watch({ namespace, resourceVersion });
    await store.clients.update({ ...client, spec: { username: "x" } });
    await store.exporters.create(exporterNamed(namespace, "e1"));
    await store.clients.delete(namespace, "a");
    assert.deepEqual(await told(watch, 3), ["ADDED a", "MODIFIED a", "DELETED a"]);
    await watch.return?.();
  },

  "a watch without a version tells first what is there": async ({ store, namespace }) => {
    await store.clients.create(clientNamed(namespace, "a"));
    await store.clients.create(clientNamed(namespace, "b"));
    const options = { namespace, bookmarks: true };
    const watch = store.clients.watch(options);
    const other = store.clients.watch({ ...options, resourceVersion: "0" });
    for (const one of [watch, other]) {
      assert.deepEqual(await told(one, 3), ["ADDED a", "ADDED b", "BOOKMARK"]);
    }
    await store.clients.delete(namespace, "a");
    for (const one of [watch, other]) {
      assert.deepEqual(await told(one, 1), ["DELETED a"]);
      await one.return?.();
    }
  },

  "a watch that waits is woken": async ({ store, namespace }) => {
    const { resourceVersion } = await store.leases.list({ namespace });
    const watch = store.leases.watch({ namespace, resourceVersion });
    const next = watch.next();
    const created = await store.leases.create(leaseNamed(namespace, "l1"));
    const { value } = await next;
    assert.deepEqual(value, { type: "ADDED", object: created });
    await watch.return?.();
  },

  "an event holds the object with the version of the change": async ({ store, namespace }) => {
    const { resourceVersion } = await store.leases.list({ namespace });
    const watch = store.leases.watch({ namespace, resourceVersion });
    const lease = await store.leases.create(leaseNamed(namespace, "l1"));
    const ended = await store.leases.updateStatus({ ...lease, status: { ended: true } });
    const deleted = await store.leases.delete(namespace, "l1");
    for (const object of [lease, ended, deleted]) {
      const { value } = await watch.next();
      assert.deepEqual(value.type === "BOOKMARK" ? undefined : value.object, object);
    }
    const versions = [lease, ended, deleted].map(({ metadata }) =>
      Number(metadata.resourceVersion)
    );
    assert.ok(versions.every((one, index) => index === 0 || one > (versions[index - 1] ?? 0)));
    await watch.return?.();
  },

  "what begins or ceases to match is added or deleted": async ({ store, namespace }) => {
    const { resourceVersion } = await store.exporters.list({ namespace });
    const labels = ({ board }: Readonly<Record<string, string>>) => board === "a";
    const watch = store.exporters.watch({ namespace, resourceVersion, labels });
    const set = (board: string) =>
      store.exporters.patch(namespace, "e1", { metadata: { labels: { board } } });
    await store.exporters.create(exporterNamed(namespace, "e1", { board: "b" }));
    await set("a");
    await store.exporters.patch(namespace, "e1", { spec: { enabled: false } });
    const { metadata } = await set("c");
    await set("d");
    await store.exporters.delete(namespace, "e1");
    await store.exporters.create(exporterNamed(namespace, "e2", { board: "a" }));
    assert.deepEqual(await told(watch, 2), ["ADDED e1", "MODIFIED e1"]);
    const { value } = await watch.next();
    assert.equal(value.type, "DELETED");
    assert.equal(value.object.metadata.labels.board, "a");
    assert.equal(value.object.metadata.resourceVersion, metadata.resourceVersion);
    assert.deepEqual(await told(watch, 1), ["ADDED e2"]);
    await watch.return?.();
  },

  "a watch of one name is told of no other": async ({ store, namespace }) => {
    const { resourceVersion } = await store.clients.list({ namespace });
    const watch = store.clients.watch({ namespace, name: "b", resourceVersion });
    const first = told(watch, 1);
    for (const name of ["a", "b", "c"]) await store.clients.create(clientNamed(namespace, name));
    await store.clients.delete(namespace, "a");
    assert.deepEqual(await first, ["ADDED b"]);
    await store.clients.delete(namespace, "b");
    assert.deepEqual(await told(watch, 1), ["DELETED b"]);
    await watch.return?.();
  },

  "every watch is told everything once, however it reads": async ({ store, namespace }) => {
    const { resourceVersion } = await store.clients.list({ namespace });
    const count = 60;
    const read = async (pause: number) => {
      const seen: string[] = [];
      for await (const event of store.clients.watch({ namespace, resourceVersion })) {
        if (event.type !== "BOOKMARK") {
          seen.push(`${event.type} ${event.object.metadata.name}`);
        }
        if (seen.length === count * 3) break;
        for (let turn = 0; turn < pause; turn++) await Promise.resolve();
        if (pause > 5 && seen.length % 10 === 0) await store.clients.list({ namespace, limit: 1 });
      }
      return seen;
    };
    const readers = [0, 1, 3, 10].map(read);
    await Promise.all(Array.from({ length: count }, async (_, index) => {
      const name = `c${index}`;
      const client = await store.clients.create(clientNamed(namespace, name));
      await store.clients.update({ ...client, spec: { username: name } });
      await store.clients.delete(namespace, name);
    }));
    const [first, ...others] = await Promise.all(readers);
    assert.equal(new Set(first).size, count * 3);
    for (const other of others) assert.deepEqual(other, first);
  },

  "a copy kept by watching equals the list, whatever happens": async ({ store, namespace }) => {
    const next = random(7);
    const pick = (count: number) => Math.floor(next() * count);
    const labels = ({ board }: Readonly<Record<string, string>>) => board !== "0";
    const copies: Promise<Map<string, string>>[] = [];
    const last = "the-last-one";

    /** Lists, watches from there, and keeps a copy until the last object comes. */
    const copy = async () => {
      const { items, resourceVersion } = await store.exporters.list({ namespace, labels });
      const kept = new Map(items.map(({ metadata: { name, resourceVersion } }) => [
        name,
        resourceVersion,
      ]));
      for await (const event of store.exporters.watch({ namespace, labels, resourceVersion })) {
        if (event.type === "BOOKMARK") continue;
        const { name, resourceVersion } = event.object.metadata;
        assert.equal(kept.has(name), event.type !== "ADDED", `${event.type} ${name}`);
        if (event.type === "DELETED") kept.delete(name);
        else kept.set(name, resourceVersion);
        if (name === last) break;
      }
      return kept;
    };

    const step = async () => {
      const name = `e${pick(6)}`;
      const change = { metadata: { labels: { board: String(pick(3)) } } };
      const write = [
        () => store.exporters.create(exporterNamed(namespace, name, change.metadata.labels)),
        () => store.exporters.patch(namespace, name, change),
        () => store.exporters.patch(namespace, name, { spec: { enabled: pick(2) === 0 } }),
        () => store.exporters.delete(namespace, name),
      ][pick(4)];
      await write?.().catch((error) => assert.ok(error instanceof StoreError, error));
    };
    for (let round = 0; round < 30; round++) {
      copies.push(copy());
      await Promise.all(Array.from({ length: 10 }, step));
    }
    await store.exporters.create(exporterNamed(namespace, last, { board: "1" }));
    const { items } = await store.exporters.list({ namespace, labels });
    const expected = items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
    for (const kept of await Promise.all(copies)) assert.deepEqual([...kept].sort(), expected);
  },

  "a signal ends a watch, also one that waits": async ({ store, namespace }) => {
    const controller = new AbortController();
    const { signal } = controller;
    const { resourceVersion } = await store.clients.list({ namespace });
    const watch = store.clients.watch({ namespace, resourceVersion, signal });
    const waiting = watch.next();
    controller.abort();
    assert.equal((await waiting).done, true);
    assert.equal((await watch.next()).done, true);
    const late = store.clients.watch({ namespace, signal });
    assert.equal((await late.next()).done, true);
  },

  "the end of the store ends its watches": async ({ store, namespace }) => {
    const { resourceVersion } = await store.clients.list({ namespace });
    const waiting = store.clients.watch({ namespace, resourceVersion }).next();
    await store[Symbol.asyncDispose]();
    assert.equal((await waiting).done, true);
  },
};

/** What becomes of watches that fall behind a store that remembers eight changes. */
export const historyTests: Record<string, ContractTest> = {
  "a version that is forgotten is expired": async ({ store, namespace }) => {
    const { resourceVersion } = await store.clients.list({ namespace });
    for (let index = 0; index < 20; index++) {
      await store.clients.create(clientNamed(namespace, `c${index}`));
    }
    const late = store.clients.watch({ namespace, resourceVersion });
    await assert.rejects(late.next(), (error) => {
      assert.ok(error instanceof ExpiredError);
      assert.match(error.message, /^too old resource version: \d+ \(\d+\)$/);
      assert.equal(error.status, 410);
      return true;
    });
    assert.equal((await late.next()).done, true);
    const now = await store.clients.list({ namespace });
    const watch = store.clients.watch({ namespace, resourceVersion: now.resourceVersion });
    await store.clients.delete(namespace, "c0");
    assert.deepEqual(await told(watch, 1), ["DELETED c0"]);
    await watch.return?.();
  },

  "a reader that is too slow is told so, and costs no memory till then": async (
    { store, namespace },
  ) => {
    const watch = store.clients.watch({ namespace });
    for (let index = 0; index < 20; index++) {
      await store.clients.create(clientNamed(namespace, `c${index}`));
    }
    await assert.rejects(watch.next(), ExpiredError);
  },

  "a watch that waits does not fall behind what does not concern it": async (
    { store, namespace },
  ) => {
    const { resourceVersion } = await store.clients.list({ namespace });
    const watch = store.clients.watch({ namespace, name: "mine", resourceVersion });
    const next = told(watch, 1);
    for (let index = 0; index < 40; index++) {
      await store.clients.create(clientNamed(namespace, `c${index}`));
    }
    await store.clients.create(clientNamed(namespace, "mine"));
    assert.deepEqual(await next, ["ADDED mine"]);
    await watch.return?.();
  },

  "a version from the future is expired: the store was restored": async ({ store, namespace }) => {
    const { resourceVersion } = await store.clients.list({ namespace });
    const future = String(Number(resourceVersion) + 1000);
    const watch = store.clients.watch({ namespace, resourceVersion: future });
    await assert.rejects(watch.next(), ExpiredError);
  },
};
