import assert from "node:assert/strict";
import { clientNamed, exporterNamed } from "./contract/subject.ts";
import { openSqliteStore } from "./sqlite.ts";

Deno.test("a bookmark tells how far a watch has come, when there is something to tell", async () => {
  await using store = await openSqliteStore(":memory:", { bookmarkInterval: 5 });
  const { resourceVersion } = await store.clients.list();
  const watch = store.clients.watch({ resourceVersion, bookmarks: true });
  const next = watch.next();
  const { metadata } = await store.exporters.create(exporterNamed("lab", "e1"));
  const { value } = await next;
  assert.deepEqual(value, { type: "BOOKMARK", resourceVersion: metadata.resourceVersion });
  const after = watch.next();
  await new Promise((resolve) => setTimeout(resolve, 15));
  await store.clients.create(clientNamed("lab", "alice"));
  assert.equal((await after).value.type, "ADDED");
  await watch.return?.();
});

Deno.test("objects of events are shared and frozen", async () => {
  await using store = await openSqliteStore(":memory:");
  const { resourceVersion } = await store.clients.list();
  const watches = [1, 2].map(() => store.clients.watch({ resourceVersion }));
  await store.clients.create(clientNamed("lab", "alice", { a: "b" }));
  const [one, two] = await Promise.all(watches.map(async (watch) => (await watch.next()).value));
  assert.equal(one.object, two.object);
  assert.throws(() => one.object.metadata.labels.a = "c", TypeError);
});

Deno.test("reads of a watch that are asked for at once are answered in order", async () => {
  await using store = await openSqliteStore(":memory:");
  const watch = store.clients.watch();
  const [first, second, third] = [watch.next(), watch.next(), watch.next()];
  for (const name of ["a", "b"]) await store.clients.create(clientNamed("lab", name));
  const told = (await Promise.all([first, second])).map(({ value }) => value.object.metadata.name);
  assert.deepEqual(told, ["a", "b"]);
  await watch.return?.();
  assert.equal((await third).done, true);
});
