import * as assert from "node:assert/strict";
import { openSqliteStore } from "../store/mod.ts";
import { Following } from "./following.ts";

Deno.test("whoever follows a store that ends is told so", async () => {
  await using store = await openSqliteStore(":memory:");
  await using following = new Following();
  const seen: string[] = [];
  const set = ({ metadata: { name } }: { metadata: { name: string } }) => void seen.push(name);
  await store.clients.create({ metadata: { namespace: "lab", name: "c1" }, spec: {} });
  following.add(store.clients, {}, { set, delete: () => {} });
  following.add(store.exporters, {}, { set, delete: () => {} });
  await following.ready();
  assert.deepEqual(seen, ["c1"]);
  await store[Symbol.asyncDispose]();
  await assert.rejects(following.failed, {
    name: "JumpstarterError",
    message:
      "the objects of the lab cannot be followed: the store is closed; start the controller again",
  });
});

Deno.test("one that cannot begin fails at once, and follows nothing any more", async () => {
  await using store = await openSqliteStore(":memory:");
  const following = new Following();
  following.add(store.clients, {}, { set: () => {}, delete: () => {} });
  await store.exporters.create({ metadata: { namespace: "lab", name: "e1" }, spec: {} });
  following.add(store.exporters, {}, {
    set: () => {
      throw new Error("full");
    },
    delete: () => {},
  });
  await assert.rejects(following.ready(), /^JumpstarterError: .* cannot be followed: full; start/);
});
