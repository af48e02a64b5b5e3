import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { currentClient, deleteClient, newClientPath, saveClient, useClient } from "./mod.ts";

const VALUES = {
  namespace: "lab",
  name: "c1",
  endpoint: "lab:8082",
  tls: { ca: "", insecure: false },
  token: "secret",
  drivers: { allow: ["y"], unsafe: false },
};

async function inHome(
  use: (home: string, env: (name: string) => string | undefined) => Promise<void>,
) {
  const home = await Deno.makeTempDir();
  try {
    await use(home, (name) => name === "JMP_CLIENT_CONFIG_HOME" ? home : undefined);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("the first client that is saved is the current one, until it is deleted", async () => {
  await inHome(async (home, env) => {
    const path = await saveClient("c1", VALUES, env);
    assert.equal(path, `${home}/clients/c1.yaml`);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    const { metadata, drivers, token } = parse(await Deno.readTextFile(path), { version: "1.1" });
    assert.deepEqual([metadata, drivers, token], [
      { namespace: "lab", name: "c1" },
      { allow: ["y"], unsafe: false },
      "secret",
    ]);
    await saveClient("c2", VALUES, env);
    assert.equal(await currentClient(env), "c1");
    await assert.rejects(newClientPath("c2", env), /client "c2" exists/);
    assert.equal(await deleteClient("c1", env), true);
    assert.equal(await currentClient(env), undefined);
    assert.equal(await deleteClient("c1", env), false);
    await assert.rejects(newClientPath("../c3", env), /Invalid client alias/);
    await useClient("gone", env);
    await saveClient("c4", VALUES, env);
    assert.equal(await currentClient(env), "c4");
  });
});

Deno.test("the user's file keeps what else is in it", async () => {
  await inHome(async (home, env) => {
    const text = "# mine\napiVersion: x\nconfig:\n  current-client: a # the board\n  more: 1\n";
    await Deno.writeTextFile(`${home}/config.yaml`, text);
    await useClient("b", env);
    assert.equal(
      await Deno.readTextFile(`${home}/config.yaml`),
      text.replace("current-client: a", "current-client: b"),
    );
    await Deno.writeTextFile(`${home}/config.yaml`, "config: [");
    await assert.rejects(currentClient(env), /config\.yaml is not YAML/);
    await Deno.writeTextFile(`${home}/config.yaml`, "{}");
    await assert.rejects(currentClient(env), /has no table "config"/);
  });
});
