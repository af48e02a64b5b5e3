import * as assert from "node:assert/strict";
import { TestLab } from "../../tests/support/lab.ts";
import { InternalIssuer, SigningKey } from "../auth/mod.ts";
import { EventRecorder } from "../events/mod.ts";
import { openSqliteStore } from "../store/mod.ts";
import { Credentials } from "./credentials.ts";
import { TokenIds } from "./token_ids.ts";

Deno.test("a controller whose store cannot be followed does not begin", async () => {
  const store = await openSqliteStore(":memory:");
  const ids = new TokenIds();
  const key = await SigningKey.generate();
  const issuer = await InternalIssuer.open({ key, isRevoked: ids.isRevoked });
  const shared = { store, namespace: "lab", log: () => {} };
  await using events = await EventRecorder.open(shared);
  await store[Symbol.asyncDispose]();
  const options = { ...shared, issuer, ids, endpoint: "lab.test:1", events };
  await assert.rejects(Credentials.open(options), /cannot be followed: .*; start the controller/);
});

Deno.test("a controller that can no longer follow its store says so [controller 134]", async () => {
  await using lab = await TestLab.start();
  await lab.store[Symbol.asyncDispose]();
  await assert.rejects(lab.controller.failed, /cannot be followed: .*; start the controller again/);
});
