import * as assert from "node:assert/strict";
import { makeAuthority, makeServerCertificate } from "./certificates.ts";
import { expiryOf, ExpiryWatch } from "./expiry_watch.ts";

const DAY = 24 * 60 * 60 * 1_000;

Deno.test("a certificate that somebody has to replace is told of before its end, and after it", async () => {
  const { cert } = await makeServerCertificate(await makeAuthority(), ["lab.example"]);
  const end = expiryOf(cert);
  const log: string[] = [];
  const shown: { cert?: string } = {};
  using watch = new ExpiryWatch(() => shown.cert, (severity, _, { expires }) => {
    log.push(`${severity} ${expires}`);
  });
  watch.look(end + DAY);
  shown.cert = cert;
  for (const days of [-31, -29, 1]) watch.look(end + days * DAY);
  const expires = new Date(end).toISOString();
  assert.deepEqual(log, [`WARNING ${expires}`, `ERROR ${expires}`]);
});
