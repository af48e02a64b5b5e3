/** A controller whose configuration file changes while it serves. */
import assert from "node:assert/strict";
import { RpcError } from "@jumpstarter/lib/rpc";
import { ClientService } from "@jumpstarter/proto";
import { selfSigned, verified } from "../support/certificate.ts";
import { ControllerProcess } from "../support/controller.ts";
import { OidcIssuer } from "../support/oidc_issuer.ts";
import { controllerCommand, run, tempDir } from "../support/programs.ts";
import { start } from "../support/running.ts";

Deno.test("a controller goes by its configuration file, as it is now [controller 59, 106, 111]", async () => {
  await using dir = await tempDir();
  await using issuer = await OidcIssuer.start();
  const path = `${dir.path}/lab.yaml`;
  await Deno.writeTextFile(path, "leasePolicy: {maxTags: 1}\n");
  await using controller = await ControllerProcess.start("--config", path);
  const taken = async (text: string) => {
    const before = controller.running.stderr.length;
    await Deno.writeTextFile(path, text);
    const line = await controller.running.shown(
      new RegExp(`^[^]{${before},}configuration (taken|not taken).*\n`),
    );
    return line[0].slice(before);
  };
  using client = controller.connect(await controller.member("Client", "c1"));
  const create = (tags: Record<string, string>) =>
    client.unary(ClientService.createLease, {
      parent: "namespaces/lab",
      lease: { selector: "board=x", duration: { seconds: 60, nanos: 0 }, tags },
    });
  const invalid = (error: unknown) =>
    error instanceof RpcError && error.status === "INVALID_ARGUMENT";
  await create({ a: "" });
  await assert.rejects(create({ a: "", b: "" }), invalid);
  assert.match(await taken("leasePolicy: {maxTags: 2}\n"), /configuration taken/);
  await create({ a: "", b: "" });

  assert.match(
    await taken("leasePolicy: {maxTag: 3}\n"),
    /not taken.*lab\.yaml:1: .*Did you mean \\?"maxTags/,
  );
  await create({ a: "", b: "" });
  await assert.rejects(create({ a: "", b: "", c: "" }), invalid);

  const token = await issuer.sign({ sub: "u", name: "jo@example.com", aud: "lab" });
  using external = controller.connect({ name: "", kind: "Client", token });
  const list = () => external.unary(ClientService.listLeases, { parent: "namespaces/lab" });
  await assert.rejects(list(), /failed to authenticate token/);
  const trust = `
authentication:
  jwt:
    - issuer: {url: "${issuer.url}", certificateAuthority: "${issuer.ca}", audiences: [lab]}
      claimMappings: {username: {claim: name, prefix: "dex:"}}
`;
  assert.match(await taken(trust), /configuration taken/);
  await assert.rejects(list(), /client lab\/jo-example-com: .*not found/);
  assert.match(await taken(`${trust}provisioning: {enabled: true}\n`), /configuration taken/);
  await list();
  const { spec } = await controller.get("clients", "jo-example-com");
  assert.deepEqual(spec, { username: "dex:jo@example.com" });
  assert.match(
    await taken("namespace: elsewhere\n"),
    /configuration taken.*after a restart.*namespace/,
  );
  await assert.rejects(list(), /failed to authenticate token/);
  assert.doesNotMatch(controller.running.stderr, new RegExp(token));
});

Deno.test("a configuration file that is wrong stops a controller before it begins [controller 111]", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/lab.yaml`;
  const start = () => run(controllerCommand("run", "--data", `${dir.path}/data`, "--config", path));
  const missing = await start();
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /^error: cannot read .*lab\.yaml: /);
  await Deno.writeTextFile(path, "provisionning: {enabled: true}\n");
  const { status, stderr } = await start();
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^error: .*lab\.yaml:1: provisionning is not a setting\. Did you mean "provisioning"\?/,
  );
  await assert.rejects(Deno.stat(`${dir.path}/data`), Deno.errors.NotFound);
});

Deno.test("a file that comes, a SIGHUP, and a certificate that is replaced in two steps are taken", async () => {
  await using dir = await tempDir();
  const data = `${dir.path}/data`;
  const [first, second] = [
    await selfSigned(dir.path, "first"),
    await selfSigned(dir.path, "second"),
  ];
  const texts = await Promise.all(
    [first.cert, second.cert, second.key].map((path) => Deno.readTextFile(path)),
  );
  const [firstCert, secondCert, secondKey] = texts as [string, string, string];
  const ports = ["listen", "router-listen", "admin-listen", "login-listen"]
    .flatMap((port) => [`--${port}`, "127.0.0.1:0"]);
  await using controller = start(controllerCommand("run", "--data", data, ...ports), {
    env: {
      NAMESPACE: "lab",
      GRPC_ENDPOINT: "127.0.0.1:443",
      EXTERNAL_CERT_PEM: first.cert,
      EXTERNAL_KEY_PEM: first.key,
      CA_BUNDLE_PEM: firstCert,
    },
  });
  await controller.shown(/^Endpoint: 127\.0\.0\.1:443$/m);
  await controller.shown(/environment read.*NAMESPACE, GRPC_ENDPOINT, EXTERNAL_CERT_PEM, /);
  const [, login] = await controller.shown(/^Login: +https:\/\/(.*)\/$/m);
  const [, router] = await controller.shown(/^Router: +(.*)$/m);
  const [, kubeconfig] = await controller.shown(/KUBECONFIG=(\S+)/);
  const [, admin] = /server: "?https:\/\/([^"\s]+)/.exec(await Deno.readTextFile(kubeconfig!))!;
  for (const port of [login!, router!]) await verified(port, firstCert);

  await Deno.writeTextFile(`${data}/config.yaml`, "leasePolicy: {maxTags: 1}\n");
  await controller.shown(/configuration taken/);
  controller.kill("SIGHUP");
  await controller.shown(/configuration taken[^]*configuration taken/);
  await controller.shown(/certificate taken/);

  await Deno.writeTextFile(first.cert, secondCert);
  await controller.shown(/certificate not taken, what was stays.*is not the key of/);
  for (const port of [login!, router!]) await verified(port, firstCert);
  await Deno.writeTextFile(first.key, secondKey);
  await controller.shown(/certificate not taken[^]*certificate taken/);
  for (const port of [login!, router!]) {
    await verified(port, secondCert);
    await assert.rejects(verified(port, firstCert));
  }
  await verified(admin!, await Deno.readTextFile(`${data}/ca.pem`));
  controller.kill("SIGTERM");
  assert.equal((await controller.finished).status, 0);
});
