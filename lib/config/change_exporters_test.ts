import assert from "node:assert/strict";
import { createExporter, deleteExporter } from "./change_exporters.ts";
import { loadExporterFile } from "./exporter_file.ts";
import { findExporter, listExporters } from "./locations.ts";

/** A home that is not there yet, and a system directory with the given aliases. */
async function lab(...shared: string[]) {
  const root = await Deno.makeTempDir();
  const systemDir = `${root}/etc`;
  await Deno.mkdir(systemDir);
  for (const alias of shared) await Deno.writeTextFile(`${systemDir}/${alias}.yaml`, "shared");
  const env = (name: string) => name === "JMP_CLIENT_CONFIG_HOME" ? `${root}/home` : undefined;
  return {
    user: `${root}/home/exporters`,
    system: systemDir,
    options: { env, systemDir },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

const values = { namespace: "lab", name: "on", endpoint: "ctl:443", token: "12:30" };

Deno.test("createExporter() writes every section, for the owner only, and it reads back [exporter 5]", async () => {
  await using there = await lab();
  const path = await createExporter("a", values, there.options);
  assert.equal(path, `${there.user}/a.yaml`);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  assert.deepEqual((await Deno.readTextFile(path)).match(/^\w+/gm), [
    ..."apiVersion kind metadata endpoint tls token grpcOptions description motd export".split(" "),
    ..."hooks failureDetection exitOnLeaseEnd".split(" "),
  ]);
  const file = await loadExporterFile(path, { env: () => undefined });
  const { namespace, name, endpoint, token } = file;
  assert.deepEqual({ namespace, name, endpoint, token }, values);
  assert.deepEqual(file.warnings, []);
  assert.deepEqual([...Deno.readDirSync(there.user)].map((entry) => entry.name), ["a.yaml"]);
});

Deno.test("createExporter() hides a system's file, but keeps a user's own [client 24]", async () => {
  await using there = await lab("a");
  await createExporter("a", values, there.options);
  assert.equal(await findExporter("a", there.options), `${there.user}/a.yaml`);
  await assert.rejects(createExporter("a", { name: "other" }, there.options), {
    name: "ConfigError",
    message: `exporter "a" exists; ${there.user}/a.yaml is its file`,
  });
  assert.match(await Deno.readTextFile(`${there.user}/a.yaml`), /name: "on"/);
});

Deno.test("deleteExporter() deletes the user's file only, and names the system's [exporter 3, client 25]", async () => {
  await using there = await lab("a");
  await createExporter("a", values, there.options);
  assert.deepEqual(await deleteExporter("a", there.options), {
    path: `${there.user}/a.yaml`,
    uncovered: `${there.system}/a.yaml`,
  });
  assert.deepEqual([...await listExporters(there.options)], [["a", `${there.system}/a.yaml`]]);
});

Deno.test("deleteExporter() refuses what only the system has, and what nobody has [exporter 4]", async () => {
  await using there = await lab("a");
  await assert.rejects(deleteExporter("a", there.options), {
    message: `exporter "a" exists only in the system location ${there.system}/a.yaml ` +
      "and cannot be deleted",
  });
  assert.equal(await Deno.readTextFile(`${there.system}/a.yaml`), "shared");
  await assert.rejects(deleteExporter("b", there.options), {
    message: 'exporter "b" does not exist',
  });
});

for (const alias of ["../x", "a/b", "a\\b", ".", "..", ""]) {
  Deno.test(`the alias "${alias}" is neither written nor deleted [exporter 2]`, async () => {
    await using there = await lab();
    const refusal = { message: /^Invalid exporter alias/ };
    await assert.rejects(createExporter(alias, values, there.options), refusal);
    await assert.rejects(deleteExporter(alias, there.options), refusal);
    await assert.rejects(Deno.stat(there.user), Deno.errors.NotFound);
  });
}
