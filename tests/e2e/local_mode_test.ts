import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { exporterCommand, jmp, jmpCommand, run, tempDir } from "../support/programs.ts";
import { exists, start } from "../support/running.ts";

const image = { type: types.flasher };
const MOTD = "Bench 7. Ask before you flash.";

/** A folder for the configuration, with an exporter file by the name `bench`. */
async function home(entries: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const { path, ...dir } = await tempDir();
  const env = { JMP_CLIENT_CONFIG_HOME: path, TMPDIR: `${path}/temp` };
  for (const folder of ["exporters", "temp"]) await Deno.mkdir(`${path}/${folder}`);
  await writeExporter(`${path}/exporters`, entries, more);
  const shell = (script: string) =>
    jmp(["shell", "--exporter", "bench", "--", "sh", "-c", script], { env });
  return { ...dir, path, env, shell };
}

Deno.test("jmp shell and jmp-exporter take the user's file of a name [exporter 1]", async () => {
  await using there = await home({ power: { type: types.power } });
  const { status, stdout, stderr } = await there.shell("j power cycle -w 0");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.equal(stdout, "Power cycling with 0 seconds wait time...\n");
  const command = exporterCommand("run", "--exporter", "bench", "--socket", `${there.path}/socket`);
  await using exporter = start(command, there);
  await exporter.shown(/^JUMPSTARTER_HOST=/);
});

for (const alias of ["../exporters/bench", "a/b", "a\\b", ".", "..", ""]) {
  Deno.test(`no program looks for an exporter by the name "${alias}" [exporter 2]`, async () => {
    await using there = await home({});
    const { env } = there;
    for (
      const command of [
        jmpCommand("shell", "--exporter", alias, "--", "true"),
        exporterCommand("run", "--exporter", alias, "--socket", `${there.path}/socket`),
      ]
    ) {
      const { status, stderr } = await run(command, { env });
      assert.notEqual(status, 0);
      assert.ok(stderr.startsWith(`error: Invalid exporter alias '${alias}': must not`), stderr);
    }
    assert.equal(await exists(`${there.path}/socket`), false);
  });
}

Deno.test("a driver is the same by its place and by every ref, also one to a group [exporter 10]", async () => {
  await using there = await home({
    main: { ref: "rack.spare" },
    rack: { children: { spare: image } },
    whole: { ref: "rack" },
  });
  const line = "printf one | j main flash - 2>/dev/null; j rack spare dump -; j whole spare dump -";
  const { stdout } = await there.shell(line);
  assert.equal(stdout, "oneone");
});

Deno.test("a command on a local board runs without the hooks of the file [exporter 77]", async () => {
  const hook = (name: string) => ({ script: `touch "$TMPDIR/${name}"` });
  await using there = await home({ power: { type: types.power } }, {
    hooks: { beforeLease: hook("before"), afterLease: hook("after") },
  });
  const { status, stdout, stderr } = await there.shell("j power on && env");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^JUMPSTARTER_HOST=\/.+\/socket$/m);
  assert.match(stdout, /^JMP_DRIVERS_ALLOW=UNSAFE$/m);
  assert.doesNotMatch(stdout, /^JMP_LEASE=/m);
  assert.deepEqual([...Deno.readDirSync(there.env.TMPDIR)], []);
});

Deno.test("what drivers and the session hold is gone when the command ends [exporter 78]", async () => {
  await using there = await home({ main: image });
  const { stdout } = await there.shell("ls $TMPDIR; exit 3");
  assert.notEqual(stdout, "", "the driver keeps its images somewhere");
  assert.deepEqual([...Deno.readDirSync(there.env.TMPDIR)], []);
});

Deno.test("people who open a shell read the message of the day, commands do not [exporter 79]", async () => {
  await using there = await home({ power: { type: types.power } }, { motd: `${MOTD}\n` });
  const env = { ...there.env, SHELL: "/bin/bash" };
  const people = await jmp(["shell", "--exporter", "bench"], { env, input: "echo typed\n" });
  assert.match(people.stdout, new RegExp(`^${MOTD}\nbench · power .*\ntyped\n$`));
  assert.equal((await there.shell("echo typed")).stdout, "typed\n");
});

Deno.test("j offers what is allowed, as if the rest were not there [exporter 81]", async () => {
  await using there = await home({ power: { type: types.power }, main: image });
  const allow = "JMP_DRIVERS_ALLOW='jumpstarter_driver_power.*'";
  const { stdout, stderr } = await there.shell(
    `${allow} j --help; ${allow} j power on; echo $?; ${allow} j main dump -; echo $?`,
  );
  assert.match(stdout, /^└─ power {2}on off cycle read rescue$/m);
  assert.doesNotMatch(stdout, /main/);
  assert.match(stdout, /\n0\n1\n$/);
  assert.equal(stderr, 'error: "j" has no command "main"; it has power\n');
});
