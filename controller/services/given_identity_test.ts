import * as assert from "node:assert/strict";
import { ClientService, ControllerService } from "@jumpstarter/proto";
import { Channel } from "@jumpstarter/lib/rpc";
import { verified } from "../../tests/support/certificate.ts";
import { tempDir } from "../../tests/support/programs.ts";
import { TestLab } from "../../tests/support/lab.ts";
import { PARENT } from "../../tests/support/lab_calls.ts";
import { readGivenIdentity } from "./given_identity.ts";
import { Identities } from "./identities.ts";
import { makeAuthority, makeServerCertificate } from "./certificates.ts";

const DAY = 24 * 60 * 60 * 1_000;

/** Files with a CA, a certificate of it for this machine, and its key. */
async function certificateFiles(dir: string, name: string, lifetime?: number) {
  const authority = await makeAuthority();
  const { cert, key } = await makeServerCertificate(authority, ["127.0.0.1"], lifetime);
  const files = { cert: `${dir}/${name}.pem`, key: `${dir}/${name}.key`, ca: `${dir}/${name}.ca` };
  await Deno.writeTextFile(files.cert, cert);
  await Deno.writeTextFile(files.key, key);
  await Deno.writeTextFile(files.ca, authority.cert);
  return files;
}

Deno.test("a given certificate is shown, and another one in its place, without ending calls", async () => {
  await using dir = await tempDir();
  const [first, second] = [
    await certificateFiles(dir.path, "first"),
    await certificateFiles(dir.path, "second"),
  ];
  await using lab = await TestLab.start({ certificate: first });
  const { endpoint, routerEndpoint, publicIdentity, identity } = lab.controller;
  assert.notEqual(publicIdentity.ca, identity.ca);
  const member = await lab.exporter("e1");
  const [hostname = "", port] = endpoint.split(":");
  using channel = new Channel({ kind: "tcp", hostname, port: Number(port) }, {
    tls: { ca: publicIdentity.ca },
    metadata: {
      authorization: `Bearer ${member.token}`,
      "jumpstarter-namespace": "lab",
      "jumpstarter-kind": "Exporter",
      "jumpstarter-name": "e1",
    },
  });
  const told = channel.serverStream(ControllerService.status, {});
  assert.equal((await told.next()).value?.leased, false);
  const next = await readGivenIdentity(second);
  lab.controller.useIdentity(next);
  for (const at of [endpoint, routerEndpoint]) {
    await verified(at, next.ca);
    await assert.rejects(verified(at, publicIdentity.ca));
  }
  const client = await lab.client("c1");
  using later = new Channel({ kind: "tcp", hostname, port: Number(port) }, {
    tls: { ca: next.ca },
    metadata: {
      authorization: `Bearer ${client.token}`,
      "jumpstarter-namespace": "lab",
      "jumpstarter-kind": "Client",
      "jumpstarter-name": "c1",
    },
  });
  const lease = { exporterName: "e1", duration: { seconds: 60, nanos: 0 } };
  await channel.unary(ControllerService.register, { reports: [{ uuid: "u", labels: {} }] });
  await later.unary(ClientService.createLease, { parent: PARENT, lease });
  assert.equal((await told.next()).value?.leased, true); // the stream from before goes on
  await told.return(undefined);
});

Deno.test("a given certificate that is soon over is told of, until another takes its place", async () => {
  await using dir = await tempDir();
  const old = await certificateFiles(dir.path, "old", 10 * DAY);
  const young = await certificateFiles(dir.path, "young");
  const log: string[] = [];
  using identities = await Identities.open({
    data: dir.path,
    hosts: ["127.0.0.1"],
    given: old,
    log: (severity, message) => log.push(`${severity} ${message}`),
  });
  identities.use(await readGivenIdentity(young));
  assert.deepEqual(log, ["WARNING certificate expires soon: replace it"]);
});

Deno.test("a certificate that cannot be used is refused by file", async () => {
  await using dir = await tempDir();
  const [one, other] = [
    await certificateFiles(dir.path, "one"),
    await certificateFiles(dir.path, "other"),
  ];
  const far = Date.now() + 900 * DAY;
  const bad: [call: () => Promise<unknown>, message: RegExp][] = [
    [() => readGivenIdentity({ ...one, key: other.key }), /one\.key|other\.key is not the key of/],
    [() => readGivenIdentity({ ...one, key: one.cert }), /is not the key of the certificate/],
    [() => readGivenIdentity({ ...one, cert: one.key }), /one\.key holds no certificate/],
    [() => readGivenIdentity({ ...one, cert: "/nowhere" }), /cannot read \/nowhere/],
    [() => readGivenIdentity(one, far), /has expired on /],
  ];
  for (const [call, message] of bad) {
    await assert.rejects(call(), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.match(error.message, message);
      return true;
    });
  }
});
