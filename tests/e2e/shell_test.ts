import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmp, tempDir } from "../support/programs.ts";

/** Runs a command in a shell on a bench with a power switch. */
async function inShell(...command: string[]) {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, { power: { type: types.power } });
  return await jmp(["shell", "--exporter-config", file, "--", ...command]);
}

Deno.test("jmp shell passes its command's status through", async () => {
  assert.equal((await inShell("sh", "-c", "exit 3")).status, 3);
  assert.equal((await inShell("true")).status, 0);
});

Deno.test("jmp shell exits 127 for a command that is not there, 126 for one that cannot run", async () => {
  const missing = await inShell("no-such-command");
  assert.equal(missing.status, 127);
  assert.equal(missing.stderr, "error: command not found: no-such-command\n");
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/plain`, "text", { mode: 0o644 });
  const plain = await inShell(`${dir.path}/plain`);
  assert.equal(plain.status, 126);
  assert.match(plain.stderr, /^error: permission denied: /);
});

Deno.test("jmp shell gives its command the session and no lease [exporter 77, client 76]", async () => {
  const { stdout } = await inShell("env");
  const variables = new Map(
    stdout.split("\n").map((line) => line.split("=", 2) as [string, string]),
  );
  assert.match(variables.get("JUMPSTARTER_HOST") ?? "", /\/jumpstarter-[^/]+\/socket$/);
  assert.equal(variables.get("JMP_DRIVERS_ALLOW"), "UNSAFE");
  for (const name of ["JMP_LEASE", "JMP_EXPORTER"]) assert.equal(variables.has(name), false);
});

Deno.test("jmp shell removes its folder at the end [exporter 78]", async () => {
  const { stdout } = await inShell("sh", "-c", 'echo "$JUMPSTARTER_HOST"');
  await assert.rejects(Deno.stat(stdout.trim()), Deno.errors.NotFound);
  await assert.rejects(Deno.stat(stdout.trim().replace(/\/socket$/, "")), Deno.errors.NotFound);
});

Deno.test("j runs a driver's command and prints its answer", async () => {
  const { status, stdout, stderr } = await inShell("j", "power", "read", "-n", "1");
  assert.equal(status, 0, stderr);
  assert.equal(
    stdout,
    "voltage=0.0 V  current=0.0 A  apparent_power=0.0 VA\n" +
      "voltage=5.0 V  current=2.0 A  apparent_power=10.0 VA\n",
  );
});

Deno.test("j shows the board as a tree, and the commands of a group", async () => {
  const tree = await inShell("j");
  assert.equal(tree.status, 0);
  assert.match(tree.stdout, /└─ power {2}on off cycle read/);
  const help = await inShell("j", "power", "--help");
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^usage: j power <command> …\n\ncommands:\n {2}on /);
});

Deno.test("j refuses what the board does not have, with status 1 and the nearest name [client 86]", async () => {
  const command = await inShell("j", "power", "onn");
  assert.equal(command.status, 1);
  assert.equal(command.stderr, 'error: "j power" has no command "onn"; did you mean "on"?\n');
  const child = await inShell("j", "pwer", "on");
  assert.equal(child.stderr, 'error: "j" has no command "pwer"; did you mean "power"?\n');
  const missing = await inShell("j", "power");
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /usage: j power/);
});

Deno.test("j leaves out children whose client is not allowed [client 88, exporter 81]", async () => {
  const { status, stderr } = await inShell(
    "env",
    "JMP_DRIVERS_ALLOW=nothing.*",
    "j",
    "power",
    "on",
  );
  assert.equal(status, 1);
  assert.match(stderr, /has no command "power"/);
});

Deno.test("j outside a shell says where it belongs [exporter 80, client 84]", async () => {
  const { status, stderr } = await jmp(["j", "power", "on"], { env: { JUMPSTARTER_HOST: "" } });
  assert.equal(status, 1);
  assert.match(stderr, /must be used inside a jmp shell: JUMPSTARTER_HOST not set/);
});

Deno.test("j says when the shell of its session has ended", async () => {
  const { status, stderr } = await jmp(["j", "power", "on"], {
    env: { JUMPSTARTER_HOST: "/nonexistent/socket" },
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: no exporter answers at \/nonexistent\/socket/);
});

Deno.test("j reaches one driver under two names [client 87, exporter 10]", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, {
    rack: { children: { spare: { type: types.power } } },
    main: { ref: "rack.spare" },
    whole: { ref: "rack" },
  });
  const line = "j main on && j rack spare on && j whole spare off";
  const { status, stderr } = await jmp([
    "shell",
    "--exporter-config",
    file,
    "--",
    "sh",
    "-c",
    line,
  ]);
  assert.equal(status, 0, stderr);
});

Deno.test("help texts come from the exporter's file where it has them [client 85]", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, {
    power: {
      type: types.power,
      description: "Main rail",
      methods_description: { on: "Close the relay" },
    },
  });
  const help = await jmp(["shell", "--exporter-config", file, "--", "j", "power", "--help"]);
  assert.match(help.stdout, /Main rail/);
  assert.match(help.stdout, /on +Close the relay/);
});

Deno.test("jmp without a command shows its help on stderr and exits 2 [client 2]", async () => {
  const { status, stdout, stderr } = await jmp([]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^usage: jmp <command>/);
  assert.equal((await jmp(["--help"])).status, 0);
  assert.equal((await jmp(["sh", "--help"])).status, 0);
});

Deno.test("the help of jmp lists its commands [client 1]", async () => {
  const { stdout } = await jmp(["--help"]);
  for (const name of ["completion", "config", "driver", "shell", "version"]) {
    assert.match(stdout, new RegExp(`^ +${name} +[A-Z]`, "m"));
  }
});

Deno.test("jmp version has exactly two facts [client 7]", async () => {
  const { stdout } = await jmp(["version", "-o", "json"]);
  assert.deepEqual(Object.keys(JSON.parse(stdout)), ["gitVersion", "denoVersion"]);
});
