import * as assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { ConfigError } from "@jumpstarter/lib/errors";
import { tempDir } from "../../tests/support/programs.ts";
import { loadIdentity } from "./identity.ts";

const HOSTS = ["lab.example", "127.0.0.1", "::1"];

Deno.test("the server certificate is by a CA of the folder, for all hosts, and no CA itself", async () => {
  await using dir = await tempDir();
  const identity = await loadIdentity(dir.path, HOSTS);
  const [ca, cert] = [new X509Certificate(identity.ca), new X509Certificate(identity.cert)];
  assert.deepEqual([ca.ca, cert.ca], [true, false]);
  assert.ok(cert.verify(ca.publicKey));
  assert.equal(cert.issuer, ca.subject);
  assert.equal(cert.checkHost("lab.example"), "lab.example");
  for (const file of ["ca-key.pem", "server-key.pem"]) {
    assert.equal((await Deno.stat(`${dir.path}/${file}`)).mode! & 0o777, 0o600);
  }
});

Deno.test("certificates stay while they are good; another host gets one by the same CA", async () => {
  await using dir = await tempDir();
  const first = await loadIdentity(dir.path, HOSTS);
  assert.deepEqual(await loadIdentity(dir.path, HOSTS), first);
  const second = await loadIdentity(dir.path, [...HOSTS, "10.0.0.7"]);
  assert.equal(second.ca, first.ca);
  assert.notEqual(second.cert, first.cert);
  await Deno.writeTextFile(`${dir.path}/server.pem`, "damaged");
  assert.ok(new X509Certificate((await loadIdentity(dir.path, HOSTS)).cert));
});

Deno.test("a certificate is made anew well before its end", async () => {
  await using dir = await tempDir();
  const first = await loadIdentity(dir.path, HOSTS);
  const day = 24 * 60 * 60 * 1_000;
  assert.deepEqual(await loadIdentity(dir.path, HOSTS, Date.now() + 730 * day), first);
  assert.notEqual((await loadIdentity(dir.path, HOSTS, Date.now() + 740 * day)).cert, first.cert);
});

Deno.test("a certificate with another one's key is made anew", async () => {
  await using dir = await tempDir();
  const first = await loadIdentity(dir.path, HOSTS);
  const key = await Deno.readTextFile(`${dir.path}/ca-key.pem`);
  await Deno.writeTextFile(`${dir.path}/server-key.pem`, key);
  const { cert, key: own } = await loadIdentity(dir.path, HOSTS);
  assert.notEqual(cert, first.cert);
  assert.ok(new X509Certificate(cert).checkPrivateKey(createPrivateKey(own)));
});

Deno.test("a certificate that cannot be made for want of the CA's key says so", async () => {
  await using dir = await tempDir();
  await loadIdentity(dir.path, HOSTS);
  await Deno.remove(`${dir.path}/ca-key.pem`);
  await loadIdentity(dir.path, HOSTS);
  await assert.rejects(loadIdentity(dir.path, ["other.example"]), ConfigError);
});
