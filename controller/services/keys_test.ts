import * as assert from "node:assert/strict";
import { openSqliteStore } from "../store/mod.ts";
import { encodeBase64 } from "./base64.ts";
import { loadKeys } from "./keys.ts";

const [NAMESPACE, NAME] = ["lab", "jumpstarter-controller-keys"];

Deno.test("a controller keeps its keys", async () => {
  await using store = await openSqliteStore(":memory:");
  const [one, two] = [await loadKeys(store, NAMESPACE), await loadKeys(store, NAMESPACE)];
  assert.deepEqual(one.issuer.publicJwk, two.issuer.publicJwk);
  assert.equal(one.router, two.router);
});

Deno.test("a router key that is given takes the place of the one that is there, and stays", async () => {
  await using store = await openSqliteStore(":memory:");
  const made = await loadKeys(store, NAMESPACE);
  const given = await loadKeys(store, NAMESPACE, "shared with routers");
  assert.equal(given.router, "shared with routers");
  assert.deepEqual(given.issuer.publicJwk, made.issuer.publicJwk);
  assert.equal((await loadKeys(store, NAMESPACE)).router, "shared with routers");
});

Deno.test("a Secret of keys that is damaged is named, with what to do", async () => {
  await using store = await openSqliteStore(":memory:");
  await loadKeys(store, NAMESPACE);
  const { data } = await store.secrets.get(NAMESPACE, NAME);
  for (const field of ["issuer.jwk", "router.key"]) {
    for (const value of [null, "", encodeBase64(field === "router.key" ? "" : "{}")]) {
      await store.secrets.patch(NAMESPACE, NAME, { data: { ...data, [field]: value } });
      await assert.rejects(loadKeys(store, NAMESPACE), {
        name: "ConfigError",
        message: /^secret jumpstarter-controller-keys in namespace lab .* from a backup/,
      });
    }
  }
});
