import assert from "node:assert/strict";
import { change } from "./change.ts";
import { leaseNamed } from "./contract/subject.ts";
import { ConflictError } from "./errors.ts";
import { openSqliteStore } from "./sqlite.ts";

Deno.test("change() decides anew when somebody else was faster, and loses no change", async () => {
  await using store = await openSqliteStore(":memory:");
  await store.leases.create(leaseNamed("lab", "l1"));
  let decisions = 0;
  const changed = await change(store.leases, "lab", "l1", async (lease) => {
    if (++decisions === 1) await store.leases.patch("lab", "l1", { spec: { release: true } });
    const status = { ended: lease.spec.release === true };
    return await store.leases.updateStatus({ ...lease, status });
  });
  assert.equal(decisions, 2);
  assert.equal(changed.spec.release, true);
  assert.equal(changed.status?.ended, true);
});

Deno.test("change() adds up what many do at once", async () => {
  await using store = await openSqliteStore(":memory:");
  await store.configmaps.create({ metadata: { namespace: "lab", name: "n" }, data: { n: "0" } });
  const add = () =>
    change(store.configmaps, "lab", "n", (map) => {
      // A ConfigMap may be written without a version; this one says which it changes.
      const data = { n: String(Number(map.data?.n) + 1) };
      return store.configmaps.update({ ...map, data });
    }, { attempts: 100 });
  await Promise.all(Array.from({ length: 20 }, add));
  assert.equal((await store.configmaps.get("lab", "n")).data?.n, "20");
});

Deno.test("change() leaves the object when there is nothing to do, and gives up in the end", async () => {
  await using store = await openSqliteStore(":memory:");
  const created = await store.leases.create(leaseNamed("lab", "l1"));
  assert.deepEqual(await change(store.leases, "lab", "l1", (lease) => lease), created);
  let decisions = 0;
  const hopeless = change(store.leases, "lab", "l1", async (lease) => {
    const annotations = { n: String(++decisions) };
    await store.leases.patch("lab", "l1", { metadata: { annotations } });
    return await store.leases.update({ ...lease, spec: { ...lease.spec, release: true } });
  }, { attempts: 3 });
  await assert.rejects(hopeless, ConflictError);
  assert.equal(decisions, 3);
});
