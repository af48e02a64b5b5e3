/** Administration as people do it elsewhere: kubectl and the Python `jmp admin`, on our API. */
import assert from "node:assert/strict";
import { ApiServer, publishAuthority, writeKubeconfig } from "@jumpstarter/controller/api";
import { parse } from "yaml";
import { TOKEN } from "../support/api.ts";
import { TestLab } from "../support/lab.ts";
import { type Finished, run } from "../support/programs.ts";
import { start } from "../support/running.ts";
import { kubectl } from "./kubectl.ts";
import { peer } from "./peer.ts";

/** The namespace that `jmp admin` works in unless told otherwise. */
const NAMESPACE = "default";

const MANIFEST = `
apiVersion: jumpstarter.dev/v1alpha1
kind: Exporter
metadata: { name: e1, labels: { board: x } }
spec: {}
---
apiVersion: jumpstarter.dev/v1alpha1
kind: ExporterAccessPolicy
metadata: { name: all }
spec: { exporterSelector: {}, policies: [{ priority: 1, from: [{ clientSelector: {} }] }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: notes }
data: { a: "1" }
---
apiVersion: v1
kind: Secret
metadata: { name: key }
stringData: { a: "1" }
`;

/** A lab with its API, and the tools that administer it. */
async function open() {
  await using stack = new AsyncDisposableStack();
  const lab = stack.use(await TestLab.start({ namespace: NAMESPACE }));
  const { store, identity } = lab.controller;
  const faults: unknown[] = [];
  const api = stack.use(
    await ApiServer.listen({
      hostname: "127.0.0.1",
      port: 0,
      identity,
      store,
      token: TOKEN,
      onFault: (error) => faults.push(error),
    }),
  );
  await publishAuthority(store, { namespace: NAMESPACE, ca: identity.ca, endpoint: "lab:8082" });
  const config = `${lab.dir}/kubeconfig`;
  await writeKubeconfig(config, {
    server: `https://${api.endpoint}`,
    ca: identity.ca,
    token: TOKEN,
  });
  const env = { KUBECONFIG: config, HOME: lab.dir, XDG_CONFIG_HOME: `${lab.dir}/config` };
  const [program, { jmp }] = await Promise.all([kubectl(), peer()]);
  const held = stack.move();
  return {
    lab,
    env,
    program,
    faults,
    kubectl: (args: string[], input = "") => run([program, ...args], { env, input }),
    admin: (...args: string[]) => run([jmp, "admin", ...args], { env }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Standard output of a program that must not fail. */
async function output(finished: Promise<Finished>): Promise<string> {
  const { status, stdout, stderr } = await finished;
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout;
}

Deno.test("kubectl applies, shows, changes and deletes", async () => {
  await using bench = await open();
  const { kubectl, faults } = bench;
  const apply = (text: string) => output(kubectl(["apply", "-f", "-"], text));
  assert.equal((await apply(MANIFEST)).match(/ created$/gm)?.length, 4);
  // A Secret's text is not read back, so kubectl cannot see that it is the same.
  assert.equal((await apply(MANIFEST)).match(/ unchanged$/gm)?.length, 3);
  const changed = MANIFEST.replaceAll('a: "1"', 'b: "2"').replace("board: x", "board: z");
  assert.equal((await apply(changed)).match(/ configured$/gm)?.length, 3);
  assert.deepEqual((await bench.lab.store.configmaps.get(NAMESPACE, "notes")).data, { b: "2" });

  const table = await output(kubectl(["get", "exporters"]));
  assert.match(table, /^NAME +ENABLED +STATUS\ne1 +true/);
  assert.match(await output(kubectl(["get", "exporters", "-l", "board=z"])), /^e1 /m);
  const none = await kubectl(["get", "exporters", "-l", "board=x"]);
  assert.match(none.stderr, /No resources found/);
  assert.match(await output(kubectl(["get", "secrets,cm"])), /^configmap\/notes +1 +\d+s$/m);

  await output(kubectl(["label", "exporter", "e1", "color=carmine"]));
  await output(kubectl(["annotate", "exporter", "e1", "note=hi"]));
  const disable = '{"spec":{"enabled":false}}';
  await output(kubectl(["patch", "exporter", "e1", "--type", "merge", "-p", disable]));
  const enable = '[{"op":"replace","path":"/spec/enabled","value":true}]';
  await output(kubectl(["patch", "exporter", "e1", "--type", "json", "-p", enable]));
  const edit = await output(
    run([bench.program, "edit", "exporter", "e1"], {
      env: { ...bench.env, EDITOR: "sed -i s/carmine/blue/" },
    }),
  );
  assert.match(edit, /edited/);
  const { metadata, spec } = JSON.parse(
    await output(kubectl(["get", "exporter/e1", "-o", "json"])),
  );
  assert.deepEqual([metadata.labels, spec], [{ board: "z", color: "blue" }, { enabled: true }]);

  assert.match(await output(kubectl(["describe", "exporter", "e1"])), /Annotations: +note: hi/);
  assert.match(await output(kubectl(["explain", "lease.spec.tags"])), /map\[string\]string/);
  assert.match(await output(kubectl(["version"])), /Server Version: v1\.\d+/);
  await output(kubectl(["create", "secret", "generic", "made", "--from-literal=token=x"]));
  await output(kubectl(["create", "configmap", "made", "--from-literal=token=x"]));
  await output(kubectl(["delete", "exporter", "e1"]));
  await output(kubectl(["delete", "exporteraccesspolicies", "--all"]));
  assert.deepEqual((await bench.lab.store.exporters.list()).items, []);
  assert.deepEqual(faults, []);
});

Deno.test("kubectl applies on the server, for one manager beside another", async () => {
  await using bench = await open();
  const { kubectl, faults, lab } = bench;
  const apply = (text: string, ...more: string[]) =>
    kubectl(["apply", "--server-side", "-f", "-", ...more], text);
  for (let time = 0; time < 2; time++) {
    assert.equal((await output(apply(MANIFEST))).match(/ serverside-applied$/gm)?.length, 4);
  }
  const changed = MANIFEST.replace("board: x", "board: z");
  const conflict = await apply(changed, "--field-manager=other");
  assert.equal(conflict.status, 1);
  assert.match(conflict.stderr, /conflict with "kubectl": \.metadata\.labels\.board/);
  await output(apply(changed, "--field-manager=other", "--force-conflicts"));
  const { metadata } = await lab.store.exporters.get(NAMESPACE, "e1");
  assert.equal(metadata.labels?.board, "z");
  const diff = await kubectl(["diff", "--server-side", "--force-conflicts", "-f", "-"], MANIFEST);
  assert.equal(diff.status, 1, diff.stderr);
  assert.match(diff.stdout, /^\+ +board: x$/m);
  assert.equal(
    (await lab.store.exporters.get(NAMESPACE, "e1")).metadata.labels?.board,
    "z",
    "a comparison changes nothing",
  );
  assert.deepEqual(faults, []);
});

Deno.test("kubectl shows what happens while it happens, and waits for it", async () => {
  await using bench = await open();
  await using watch = start([bench.program, "get", "clients", "-w"], { env: bench.env });
  const create = "apiVersion: jumpstarter.dev/v1alpha1\nkind: Client\nmetadata: { name: c1 }\n";
  await output(bench.kubectl(["create", "-f", "-"], create));
  await watch.shown(/^c1 /m);
  const condition = "jsonpath={.status.credential.name}=c1-client";
  await output(bench.kubectl(["wait", "client/c1", `--for=${condition}`, "--timeout=10s"]));
  const created = /Normal +CredentialCreated +.* The token is in the Secret c1-client/;
  assert.match(await output(bench.kubectl(["describe", "client", "c1"])), created);
  assert.match(
    await output(bench.kubectl(["events", "--for", "client/c1"])),
    /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n.*Normal +CredentialCreated +Client\/c1 /,
  );
  assert.match(
    await output(bench.kubectl(["get", "events", "--field-selector", "reason=CredentialCreated"])),
    /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\d+s +Normal +CredentialCreated +client\/c1 /,
  );
});

Deno.test("kubectl tells what is wrong with an object, field by field", async () => {
  await using bench = await open();
  const lease = (spec: string) =>
    bench.kubectl(
      ["create", "-f", "-"],
      `{apiVersion: jumpstarter.dev/v1alpha1, kind: Lease, metadata: {name: l1}, spec: ${spec}}`,
    );
  const unknown = await lease("{clientRef: {name: c1}, durration: 1h}");
  assert.match(unknown.stderr, /strict decoding error: unknown field "spec.durration"/);
  const invalid = await lease("{clientRef: {name: c1}, duration: 1x}");
  assert.match(invalid.stderr, /The Lease "l1" is invalid/);
  assert.match(invalid.stderr, /\* spec.duration: Invalid value: "1x"/);
  assert.match(invalid.stderr, /\* spec: .*one of selector or exporterRef.name is required/);
  const wrong = await bench.kubectl(["get", "leases", "--token=wrong"]);
  assert.match(wrong.stderr, /You must be logged in to the server/);
});

Deno.test("the Python jmp admin creates, shows, imports, rotates and deletes [controller 122]", async () => {
  await using bench = await open();
  const { admin, lab } = bench;
  const [exporterFile, clientFile] = [`${lab.dir}/e1.yaml`, `${lab.dir}/c1.yaml`];
  await output(admin("create", "exporter", "e1", "-l", "board=x", "--out", exporterFile));
  await output(admin("create", "client", "c1", "--unsafe", "--out", clientFile));
  for (
    const [file, kind, name] of [[exporterFile, "Exporter", "e1"], [clientFile, "Client", "c1"]]
  ) {
    const written = parse(await Deno.readTextFile(file!));
    assert.deepEqual([written.kind, written.metadata.name], [`${kind}Config`, name]);
    assert.equal(written.endpoint, lab.controller.endpoint);
    assert.equal(atob(written.tls.ca), lab.controller.identity.ca);
    assert.equal(written.token, await tokenOf(bench, `${name}-${kind!.toLowerCase()}`));
  }
  assert.match(await output(admin("get", "exporter")), /e1/);
  assert.match(await output(admin("get", "exporter", "e1", "-o", "name")), /e1/);
  assert.match(await output(admin("get", "client")), /c1/);
  await output(admin("import", "client", "c1", "--unsafe", "--out", `${lab.dir}/again.yaml`));
  assert.deepEqual(
    parse(await Deno.readTextFile(`${lab.dir}/again.yaml`)).token,
    await tokenOf(bench, "c1-client"),
  );

  const before = await tokenOf(bench, "c1-client");
  await output(admin("rotate", "client", "c1", "--out", clientFile));
  assert.notEqual(await tokenOf(bench, "c1-client"), before);

  await output(admin("create", "client", "c2", "--unsafe", "--save", "--nointeractive"));
  const saved = await Deno.readTextFile(`${lab.dir}/config/jumpstarter/clients/c2.yaml`);
  assert.equal(parse(saved).token, await tokenOf(bench, "c2-client"));
  await output(admin("delete", "client", "c2", "--delete", "--nointeractive"));
  assert.equal(await hasSecret(bench, "c2-client"), false);
  assert.equal((await admin("rotate", "client", "c2", "--save")).status, 1);

  await output(admin("delete", "exporter", "e1", "--nointeractive"));
  const missing = await admin("get", "exporter", "e1");
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /Error from server \(NotFound\): .*"e1" not found/);
  assert.equal(await hasSecret(bench, "e1-exporter"), false);
  assert.deepEqual(bench.faults, []);
});

Deno.test("the Python jmp admin shows leases, those to come among them", async () => {
  await using bench = await open();
  const { lab, admin } = bench;
  await lab.store.leases.create({
    metadata: { namespace: NAMESPACE, name: "l1" },
    spec: { clientRef: { name: "c1" }, selector: { matchLabels: { board: "x" } }, duration: "1h" },
  });
  await output(
    bench.kubectl(["wait", "lease/l1", "--for=jsonpath={.status.ended}=true", "--timeout=10s"]),
  );
  assert.match(await output(admin("get", "lease")), /l1 +c1 +board:x/);
  const beginTime = new Date(Date.now() + 3_600_000).toISOString();
  await lab.store.leases.create({
    metadata: { namespace: NAMESPACE, name: "l2" },
    spec: {
      clientRef: { name: "c1" },
      selector: {},
      exporterRef: { name: "e1" },
      beginTime,
      duration: "1h",
    },
  });
  const isNoted = "--for=jsonpath={.status.ended}=false";
  await output(bench.kubectl(["wait", "lease/l2", isNoted, "--timeout=10s"]));
  assert.match(await output(admin("get", "lease")), /l1 +c1 [^]*l2 +c1 /);
});

type Bench = Awaited<ReturnType<typeof open>>;

async function tokenOf({ lab }: Bench, secret: string): Promise<string> {
  return atob((await lab.store.secrets.get(NAMESPACE, secret)).data!.token!);
}

async function hasSecret({ lab }: Bench, secret: string): Promise<boolean> {
  const { items } = await lab.store.secrets.list({ namespace: NAMESPACE, name: secret });
  return items.length > 0;
}
