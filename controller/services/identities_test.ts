import * as assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { tempDir } from "../../tests/support/programs.ts";
import { Identities } from "./identities.ts";

const DAY = 24 * 60 * 60 * 1_000;

Deno.test("self-made certificates are renewed under a running controller, by the same CA", async () => {
  await using dir = await tempDir();
  const log: string[] = [];
  using identities = await Identities.open({
    data: dir.path,
    hosts: ["lab.example"],
    log: (severity, message) => log.push(`${severity} ${message}`),
  });
  const { own: first } = identities;
  let told = 0;
  identities.follow(() => told++);
  await identities.renew();
  assert.deepEqual([told, identities.own], [0, first]);
  await identities.renew(Date.now() + 800 * DAY);
  assert.equal(told, 1);
  assert.notEqual(identities.shown.cert, first.cert);
  assert.ok(
    new X509Certificate(identities.own.cert).verify(new X509Certificate(first.ca).publicKey),
  );
  await Deno.remove(`${dir.path}/ca-key.pem`);
  await identities.renew(Date.now() + 800 * DAY);
  assert.deepEqual(log, ["INFO certificate renewed", "ERROR certificate not renewed"]);
});
