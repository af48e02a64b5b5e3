import assert from "node:assert/strict";
import { jmp, jmpCommand, tempDir } from "../support/programs.ts";
import { hasTmux, TestTerminal } from "../support/tmux.ts";

const whole = "--namespace lab --name bench --endpoint ctl:443 --token secret".split(" ");

/** A home of its own, and `jmp config exporter` in it. */
async function home() {
  const dir = await tempDir();
  const exporter = (args: string[], env: Record<string, string> = {}) =>
    jmp(["config", "exporter", ...args], { env: { JMP_CLIENT_CONFIG_HOME: dir.path, ...env } });
  const file = (alias: string) => `${dir.path}/exporters/${alias}.yaml`;
  return { path: dir.path, exporter, file, [Symbol.asyncDispose]: dir[Symbol.asyncDispose] };
}

Deno.test("jmp config exporter creates, lists and deletes a file [exporter 3, 5]", async () => {
  await using there = await home();
  const { exporter } = there;
  const path = there.file("default");
  assert.deepEqual(await exporter(["create", ...whole, "-k", "-o", "path"]), {
    status: 0,
    stdout: `${path}\n`,
    stderr: "",
  });
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  const listed = JSON.parse((await exporter(["list", "-o", "json"])).stdout);
  assert.equal(listed.kind, "ExporterConfigList");
  const item = listed.items.find(({ alias }: { alias: string }) => alias === "default");
  assert.deepEqual(item.metadata, { namespace: "lab", name: "bench" });
  assert.deepEqual(item.tls, { ca: "", insecure: true });
  assert.equal(item.path, path);
  assert.match((await exporter(["list", "-o", "name"])).stdout, /^default$/m);
  const table = (await exporter(["list"])).stdout;
  assert.match(table, /^ALIAS +PATH\n/);
  assert.ok(table.split("\n").some((line) => /^default +/.test(line) && line.endsWith(path)));
  assert.deepEqual(await exporter(["delete", "-o", "path"]), {
    status: 0,
    stdout: `${path}\n`,
    stderr: "",
  });
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("jmp config exporter refuses a second file, and one that is not there, with status 1 [client 24]", async () => {
  await using there = await home();
  const { exporter } = there;
  assert.deepEqual(await exporter(["create", "a", ...whole]), {
    status: 0,
    stdout: "",
    stderr: "",
  });
  const again = await exporter(["create", "a", ...whole]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /^error: exporter "a" exists/);
  const missing = await exporter(["delete", "b"]);
  assert.deepEqual(missing, {
    status: 1,
    stdout: "",
    stderr: 'error: exporter "b" does not exist\n',
  });
});

Deno.test("jmp config exporter names the options that are missing where nobody can be asked", async () => {
  await using there = await home();
  const { status, stderr } = await there.exporter(["create", "--name", "bench", "--token", ""]);
  assert.equal(status, 2);
  assert.equal(stderr, "error: give --namespace, --endpoint; there is nobody to ask\n");
  const empty = await there.exporter(["create", ...whole, "--name", ""]);
  assert.equal(empty.status, 2);
  assert.equal(empty.stderr, "error: --name must not be empty\n");
});

for (const command of ["create", "edit", "delete"]) {
  Deno.test(`jmp config exporter ${command} refuses impossible aliases with status 2 [exporter 2, client 23]`, async () => {
    await using there = await home();
    for (const alias of ["../x", "a/b", "a\\b", ".", "..", ""]) {
      const { status, stderr } = await there.exporter([command, alias]);
      assert.equal(status, 2, alias);
      assert.ok(stderr.startsWith(`error: Invalid exporter alias '${alias}': must not contain`));
    }
    assert.deepEqual([...Deno.readDirSync(there.path)], []);
  });
}

Deno.test("jmp config exporter edit runs the editor, and tells what will not work", async () => {
  await using there = await home();
  await there.exporter(["create", "a", ...whole]);
  const editor = `sh -c 'env >"$0.env"; sed -i s/endpoint/endpiont/ "$0"'`;
  const env = { VISUAL: "", EDITOR: editor, HOME: there.path, TERM: "vt220" };
  const { status, stderr } = await there.exporter(["edit", "a"], env);
  assert.equal(status, 0);
  const variables = (await Deno.readTextFile(`${there.file("a")}.env`)).split("\n");
  assert.ok(variables.includes(`HOME=${there.path}`) && variables.includes("TERM=vt220"));
  assert.match(stderr, /^warning: .*a\.yaml:6: .*"endpoint"/);
  assert.match(await Deno.readTextFile(there.file("a")), /^endpiont: ctl:443$/m);
  const failing = await there.exporter(["edit", "a"], { VISUAL: "false" });
  assert.equal(failing.status, 1);
});

Deno.test("a file that cannot be used hides none of the others in a list", async () => {
  await using there = await home();
  await there.exporter(["create", "good", ...whole]);
  await Deno.writeTextFile(there.file("bad"), "metadata: [");
  const { status, stdout, stderr } = await there.exporter(["list", "-o", "json"]);
  assert.equal(status, 0);
  assert.match(stderr, /^warning: .*bad\.yaml:1/);
  const aliases = JSON.parse(stdout).items.map(({ alias }: { alias: string }) => alias);
  assert.ok(aliases.includes("good") && !aliases.includes("bad"));
});

Deno.test({
  name: `jmp config exporter create asks on a terminal${hasTmux ? "" : " (needs tmux)"}`,
  ignore: !hasTmux,
  async fn() {
    await using there = await home();
    const command = jmpCommand("config", "exporter", "create", "a", "--name", "bench");
    const script = '"$@"; echo "ended with $?"; read answer';
    await using terminal = await TestTerminal.open(["sh", "-c", script, "sh", ...command], {
      cwd: there.path,
      env: { JMP_CLIENT_CONFIG_HOME: there.path },
    });
    await terminal.shows(/^Namespace:$/m);
    await terminal.enter("");
    await terminal.shows(/^Namespace:\n+Namespace:$/m);
    await terminal.enter("lab");
    await terminal.shows(/^Endpoint of the controller \(empty: none\):$/m);
    await terminal.enter("ctl:443");
    await terminal.shows(/^Token for the controller \(empty: none\):$/m);
    await terminal.enter("");
    await terminal.shows(/^ended with 0$/m);
    const text = await Deno.readTextFile(there.file("a"));
    assert.match(text, /^ {2}namespace: lab\n {2}name: bench\nendpoint: ctl:443\n/m);
    assert.match(text, /^token: null$/m);
  },
});

Deno.test({
  name: `Ctrl-C in an editor is the editor's, and what is not yet saved stays${
    hasTmux ? "" : " (needs tmux)"
  }`,
  ignore: !hasTmux,
  async fn() {
    await using there = await home();
    await there.exporter(["create", "a", ...whole]);
    const editor = `${there.path}/editor`;
    await Deno.writeTextFile(
      editor,
      `trap 'echo caught' INT; echo editing; read word || read word; echo "# $word" >>"$1"`,
    );
    const script = 'trap : INT; "$@"; echo "ended with $?"; read answer';
    const command = jmpCommand("config", "exporter", "edit", "a");
    await using terminal = await TestTerminal.open(["sh", "-c", script, "sh", ...command], {
      cwd: there.path,
      env: { JMP_CLIENT_CONFIG_HOME: there.path, VISUAL: `sh ${editor}` },
    });
    await terminal.shows(/^editing$/m);
    await terminal.press("C-c");
    await terminal.shows(/caught$/m);
    await terminal.enter("kept");
    await terminal.shows(/^ended with 0$/m);
    assert.match(await Deno.readTextFile(there.file("a")), /^# kept$/m);
  },
});

Deno.test("groups show their help on stderr and exit 2, or on request and exit 0", async () => {
  for (const group of [["config"], ["config", "exporter"], ["driver"]]) {
    const missing = await jmp(group);
    assert.equal(missing.status, 2);
    assert.equal(missing.stdout, "");
    assert.ok(missing.stderr.startsWith(`usage: jmp ${group.join(" ")} <command> …`));
    const help = await jmp([...group, "--help"]);
    assert.deepEqual(help, { status: 0, stdout: missing.stderr, stderr: "" });
  }
});

Deno.test("aliases are taken by jmp and its drivers, not below config [client 5]", async () => {
  for (const line of ["s --help", "sh --help", "conf exporter list --help", "driver ls --help"]) {
    assert.equal((await jmp(line.split(" "))).status, 0, line);
  }
  const help = await jmp(["conf", "exporter", "list", "--help"]);
  assert.match(help.stdout, /^Usage: jmp config exporter list/);
  const below = await jmp(["config", "exporter", "ls"]);
  assert.equal(below.status, 2);
  assert.match(below.stderr, /^error: jmp config exporter has no command "ls"/);
});

Deno.test("jmp driver list names the drivers by class and type", async () => {
  const { stdout } = await jmp(["driver", "list"]);
  assert.match(stdout, /^NAME +TYPE\n/);
  assert.match(stdout, /^MockPower +jumpstarter_driver_power\.driver\.MockPower$/m);
  assert.match(stdout, /^SimulatedBoard +jsr:@jumpstarter\/drivers\/simulated_board#/m);
  assert.equal((await jmp(["driver", "version"])).stdout, (await jmp(["version"])).stdout);
});
