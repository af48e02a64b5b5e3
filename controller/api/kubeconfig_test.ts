import assert from "node:assert/strict";
import { parse } from "yaml";
import { tempDir } from "../../tests/support/programs.ts";
import { kubeconfig, writeKubeconfig } from "./kubeconfig.ts";

const OPTIONS = { server: "https://lab.test:8443", ca: "-----BEGIN", token: 'a"b: c' };

Deno.test("a kubeconfig names server, certificate and token", () => {
  const { clusters, users, contexts, ...rest } = parse(kubeconfig(OPTIONS));
  const { cluster } = clusters[0];
  assert.equal(cluster.server, OPTIONS.server);
  assert.equal(atob(cluster["certificate-authority-data"]), OPTIONS.ca);
  assert.equal(users[0].user.token, OPTIONS.token);
  assert.equal(contexts[0].context.namespace, "default");
  assert.equal(rest["current-context"], contexts[0].name);
});

Deno.test("a kubeconfig is its owner's alone, and replaced as a whole", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/kubeconfig`;
  await Deno.writeTextFile(path, "old", { mode: 0o644 });
  await writeKubeconfig(path, OPTIONS);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  assert.equal(await Deno.readTextFile(path), kubeconfig(OPTIONS));
  assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name), ["kubeconfig"]);
  await assert.rejects(writeKubeconfig(`${path}/kubeconfig`, OPTIONS), { name: "ConfigError" });
});
