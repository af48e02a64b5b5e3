import assert from "node:assert/strict";
import { ConfigError } from "../errors.ts";
import { checkAlias, configHome, findExporter, listExporters } from "./locations.ts";

/** An environment of its own. */
function environment(variables: Record<string, string>) {
  return (name: string): string | undefined => variables[name];
}

/** A home and a system directory; `files` are `user/a` or `system/a`. */
async function lab(files: readonly string[]) {
  const root = await Deno.makeTempDir();
  const dirs = { user: `${root}/home/exporters`, system: `${root}/etc` };
  await Deno.mkdir(dirs.system);
  for (const file of files) {
    const [where, name] = file.split("/") as ["user" | "system", string];
    await Deno.mkdir(dirs[where], { recursive: true });
    await Deno.writeTextFile(`${dirs[where]}/${name}`, "");
  }
  return {
    ...dirs,
    options: {
      env: environment({ JMP_CLIENT_CONFIG_HOME: `${root}/home` }),
      systemDir: dirs.system,
    },
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

Deno.test("configHome() prefers JMP_CLIENT_CONFIG_HOME, then XDG_CONFIG_HOME, then the home", () => {
  const all = { JMP_CLIENT_CONFIG_HOME: "/own", XDG_CONFIG_HOME: "/xdg", HOME: "/home/me" };
  assert.equal(configHome(environment(all)), "/own");
  assert.equal(
    configHome(environment({ ...all, JMP_CLIENT_CONFIG_HOME: "" })),
    "/xdg/jumpstarter",
  );
  assert.equal(configHome(environment({ HOME: "/home/me" })), "/home/me/.config/jumpstarter");
  assert.throws(() => configHome(environment({})), ConfigError);
});

Deno.test("findExporter() takes the system file, or the user's own if there is one [exporter 1]", async () => {
  await using lab1 = await lab(["system/a.yaml"]);
  assert.equal(await findExporter("a", lab1.options), `${lab1.system}/a.yaml`);
  await using lab2 = await lab(["system/a.yaml", "user/a.yaml"]);
  assert.equal(await findExporter("a", lab2.options), `${lab2.user}/a.yaml`);
});

Deno.test("findExporter() names both places and the nearest alias when there is no file", async () => {
  await using there = await lab(["system/bench-07.yaml", "user/other.yml"]);
  const { user, system, options } = there;
  await assert.rejects(findExporter("bench-7", options), {
    name: "ConfigError",
    message: `there is no exporter "bench-7": neither ${user}/bench-7.yaml nor ` +
      `${system}/bench-7.yaml exists. Did you mean "bench-07"?`,
  });
  await assert.rejects(findExporter("other", options), {
    message: `there is no exporter "other": neither ${user}/other.yaml nor ` +
      `${system}/other.yaml exists`,
  });
});

for (const alias of ["../x", "a/b", "a\\b", ".", "..", ""]) {
  Deno.test(`the alias "${alias}" is refused [exporter 2]`, async () => {
    const message =
      `Invalid exporter alias '${alias}': must not contain path separators or be '.' / '..'`;
    assert.throws(() => checkAlias(alias), { name: "ConfigError", message });
    const env = () => assert.fail("no place is looked up");
    await assert.rejects(findExporter(alias, { env }), { message });
  });
}

Deno.test("listExporters() has an alias of both places once, with the user's path [exporter 3, client 26]", async () => {
  await using there = await lab(["system/b.yaml", "system/a.yaml", "user/a.yaml", "user/c.yml"]);
  assert.deepEqual([...await listExporters(there.options)], [
    ["a", `${there.user}/a.yaml`],
    ["b", `${there.system}/b.yaml`],
  ]);
  await using none = await lab([]);
  assert.equal((await listExporters(none.options)).size, 0);
});

Deno.test("a place that cannot be looked into is named", async () => {
  await using there = await lab(["system/a.yaml"]);
  const env = environment({ JMP_CLIENT_CONFIG_HOME: `${there.system}/a.yaml` });
  await assert.rejects(findExporter("a", { env }), (error: Error) => {
    assert.equal(error.name, "ConfigError");
    assert.match(error.message, /a\.yaml\/exporters\/a\.yaml cannot be read: /);
    return true;
  });
});
