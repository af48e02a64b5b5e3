import assert from "node:assert/strict";
import { jmpCommand, repoPath, run, tempDir } from "../support/programs.ts";
import { type Bench, openBench } from "./bench.ts";
import { boardChecks, checks } from "./checks.ts";
import { assertFiles, linesFor, writeFiles } from "./j_lines.ts";
import { testChecks, titles } from "./judge.ts";
import { readJunit } from "./junit.ts";
import { assertLines, byForks, byProgram, type Line, type Place } from "./lines.ts";
import { useConsole, useForwards } from "./live.ts";
import { peer } from "./peer.ts";

const BOARD = repoPath("examples/board.yaml");
/** Milliseconds that a shell may take. */
const DEADLINE = 120_000;
const here = (name: string) => repoPath(`tests/interop/${name}`);

/** Our shell around a command. */
const shell = (file: string) => jmpCommand("shell", "--exporter-config", file, "--");
const place = ({ file, dir, env }: Bench): Place => ({ shell: shell(file), cwd: dir, env });

/** Runs a file of Python in our shell; the repository is no place for compiled modules. */
async function python(file: string, script: string, args: string[], env: Record<string, string>) {
  const { python } = await peer();
  return await run([...shell(file), python, "-B", here(script), ...args], {
    env,
    timeout: DEADLINE,
  });
}

testChecks("Python in our shell", checks, async () => {
  await using bench = await openBench();
  return await python(bench.file, "script.py", Object.keys(checks), bench.env);
});

testChecks("Python in our shell", { board: boardChecks }, async () => {
  await using dir = await tempDir();
  return await python(BOARD, "script.py", ["board"], { INTEROP_DIR: dir.path });
});

Deno.test("Python j in our shell drives our drivers", async (test) => {
  await using bench = await openBench();
  await writeFiles(bench.dir);
  await assertLines(test, linesFor("theirs"), byForks(here("j_lines.py")), place(bench));
  await assertFiles(bench.dir, "ours");
});

const installed: readonly Line[] = [
  ["power on", 0, /^$/],
  ["power read", 0, /voltage=5\.0 V {2}current=2\.0 A {2}apparent_power=10\.0 VA/],
  ["nope on", 1, /No such command/],
];

Deno.test("Python j, the program as installed, is on its way in our shell", async (test) => {
  await using bench = await openBench();
  await assertLines(test, installed, byProgram((await peer()).j), place(bench));
});

Deno.test("Python j in our shell forwards, and pipes", async () => {
  await using bench = await openBench();
  // Its forwards outlive every signal but this one.
  await useForwards(place(bench), [(await peer()).j], "KILL");
});

Deno.test("Python j in our shell opens a console", async () => {
  await using bench = await openBench();
  await useConsole(place(bench), [(await peer()).j], /Starting serial port console/);
});

const boardLines: readonly Line[] = [
  ["storage flash image", 0, /./],
  ["power on", 0, /^$/],
  ["power read", 0, /voltage=\d\.\d+ V {2}current=0\.\d+ A/],
  ["storage dump copy", 0, /./],
  ["power off", 0, /^$/],
  ["web address", 1, /is off; switch the power on/],
];

Deno.test("Python j in our shell drives the simulated board", async (test) => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/image`, "VERSION=1.2.3\n");
  const place = { shell: shell(BOARD), cwd: dir.path };
  await assertLines(test, boardLines, byForks(here("j_lines.py")), place);
  assert.equal(await Deno.readTextFile(`${dir.path}/copy`), "VERSION=1.2.3\n");
});

/** Runs pytest in our shell: its status, and what it says of each test. */
async function pytest(place: Place, program: readonly string[], tests: string) {
  const report = `${place.cwd}/report.xml`;
  const options = ["-q", "-p", "no:cacheprovider", "--maxfail=4", `--junit-xml=${report}`];
  const env = { ...place.env, PYTHONDONTWRITEBYTECODE: "1" };
  const finished = await run([...place.shell, ...program, ...options, here(tests)], {
    cwd: place.cwd,
    env,
    timeout: DEADLINE,
  });
  return { ...finished, ...await readJunit(report) };
}

/** Pytest with an end of its own; see there. */
const ending = async () => [(await peer()).python, here("run_pytest.py")];

Deno.test("pytest in our shell passes every check of every driver", async () => {
  await using bench = await openBench();
  const env = { ...bench.env, INTEROP_GROUPS: Object.keys(checks).join(" ") };
  const outcome = await pytest({ ...place(bench), env }, await ending(), "test_bench.py");
  assert.deepEqual(outcome.failed, [], outcome.stdout);
  assert.deepEqual(outcome.passed.sort(), titles(checks).map((title) => `test[${title}]`));
  assert.equal(outcome.status, 0, outcome.stdout);
});

Deno.test("pytest in our shell passes tests of the simulated board", async () => {
  await using dir = await tempDir();
  const place = { shell: shell(BOARD), cwd: dir.path };
  const outcome = await pytest(place, await ending(), "test_board.py::TestBoard");
  assert.deepEqual(outcome.failed, [], outcome.stdout);
  assert.deepEqual(outcome.passed, ["test_login", "test_web"]);
  assert.equal(outcome.status, 0, outcome.stdout);
});

Deno.test("pytest in our shell, the program as installed, passes what has to pass", async () => {
  await using dir = await tempDir();
  const place = { shell: shell(BOARD), cwd: dir.path };
  const outcome = await pytest(place, [(await peer()).pytest], "test_board.py::TestPower");
  assert.deepEqual(outcome.passed, ["test_off", "test_on"], outcome.stdout);
  assert.match(outcome.stdout, /^2 passed/m);
  assert.equal(outcome.status, 0, outcome.stdout);
});

Deno.test("pytest in our shell fails what has to fail, and its status is the shell's", async () => {
  await using dir = await tempDir();
  const place = { shell: shell(BOARD), cwd: dir.path };
  const outcome = await pytest(place, [(await peer()).pytest], "test_board.py::TestFaulty");
  assert.deepEqual(outcome.passed, ["test_passes"], outcome.stdout);
  assert.deepEqual(outcome.failed, [
    "test_what_does_not_hold",
    "test_what_the_exporter_refuses",
    "test_what_the_board_has_not",
  ]);
  assert.match(outcome.stdout, /^3 failed, 1 passed/m);
  assert.equal(outcome.status, 1, outcome.stdout);
});
