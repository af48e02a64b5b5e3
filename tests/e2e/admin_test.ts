/** `jmp admin` at a controller, as its users type it. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { ControllerProcess } from "../support/controller.ts";
import { type Finished, jmp } from "../support/programs.ts";

Deno.test("jmp admin makes, shows, imports, rotates and deletes what a lab is made of [controller 122]", async () => {
  await using controller = await ControllerProcess.start();
  const home = `${controller.data}/home`;
  const env = { KUBECONFIG: `${controller.data}/kubeconfig`, JMP_CLIENT_CONFIG_HOME: home };
  const admin = (...words: string[]): Promise<Finished> => jmp(["admin", ...words], { env });
  const said = async (...words: string[]) => {
    const { status, stdout, stderr } = await admin(...words);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const refused = async (status: number, message: RegExp, ...words: string[]) => {
    const finished = await admin(...words);
    assert.match(finished.stderr, message);
    assert.equal(finished.status, status);
  };
  const file = async (path: string) => parse(await Deno.readTextFile(path), { version: "1.1" });

  const out = `${controller.data}/e1.yaml`;
  const text = await said("create", "exporter", "e1", "-l", "board=x", "--out", out);
  assert.match(text, /^Creating exporter 'e1' in namespace 'lab'$/m);
  assert.match(text, /^NAME +STATUS +ENDPOINT .*\ne1 +Unknown /m);
  const exporter = await file(out);
  assert.equal(exporter.kind, "ExporterConfig");
  assert.equal(atob(exporter.tls.ca), controller.ca);
  assert.equal((await Deno.stat(out)).mode! & 0o777, 0o600);
  await said("c", "c", "c1", "--unsafe", "--save");
  const clientFile = `${home}/clients/c1.yaml`;
  const client = await file(clientFile);
  assert.deepEqual(client.drivers, { allow: [], unsafe: true });
  assert.equal((await file(`${home}/config.yaml`)).config["current-client"], "c1");
  assert.equal(await said("get", "clients", "-o", "name"), "client.jumpstarter.dev/c1\n");
  assert.match(await said("get", "exporter", "e1", "-o", "yaml"), /^kind: Exporter$/m);
  assert.match(await said("get", "lease"), /^No resources found in lab namespace\.$/m);

  const rule = ["--exporters", "board=x", "--clients", "team=a", "--maximum-duration", "2h"];
  assert.match(await said("create", "policy", "p1", ...rule), /^p1 +board=x +team=a +0 +2h /m);
  assert.match(await said("delete", "policy", "p1"), /^Deleted policy 'p1' in namespace 'lab'$/m);

  await refused(2, /--label is missing/, "create", "exporter", "e2");
  await refused(2, /"board" is not KEY=VALUE/, "create", "exporter", "e2", "-l", "board");
  await refused(1, /client "c1" exists; .*c1\.yaml is its file/, "import", "client", "c1");
  await refused(1, /Error from server \(AlreadyExists\)/, "create", "client", "c1");
  await refused(1, /Error from server \(NotFound\)/, "get", "client", "c2");
  await refused(
    1,
    /there is no context "lob"; did you mean|there is no context/,
    "get",
    "lease",
    "--context",
    "lob",
  );
  await refused(1, /cannot read kubeconfig/, "get", "lease", "--kubeconfig", `${home}/none`);
  await refused(2, /clusters are made with their own tools/, "create", "cluster");

  await said("rotate", "client", "c1", "--save");
  const rotated = await file(clientFile);
  assert.notEqual(rotated.token, client.token);
  assert.deepEqual({ ...rotated, token: client.token }, client);
  const again = `${controller.data}/again.yaml`;
  assert.equal(await said("import", "client", "c1", "--out", again, "-o", "path"), `${again}\n`);
  assert.equal((await file(again)).token, rotated.token);
  assert.match(await said("delete", "client", "c1", "--delete"), /^Deleted client 'c1'/m);
  await assert.rejects(Deno.stat(clientFile), Deno.errors.NotFound);
  assert.equal((await file(`${home}/config.yaml`)).config["current-client"], null);
  assert.match(await said("get", "audit"), /^No resources found in lab namespace\.$/m);
  await said("delete", "exporter", "e1");
  assert.equal(await said("get", "exporter", "-o", "name"), "");
  await controller.end("SIGTERM");
  await refused(1, /cannot reach https:/, "get", "client");
});
