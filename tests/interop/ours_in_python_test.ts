import assert from "node:assert/strict";
import { jmpCommand, repoPath, run } from "../support/programs.ts";
import { type Bench, openBench } from "./bench.ts";
import { checks } from "./checks.ts";
import { assertFiles, linesFor, writeFiles } from "./j_lines.ts";
import { testChecks, titles } from "./judge.ts";
import { readJunit } from "./junit.ts";
import { assertLines, byProgram, type Place } from "./lines.ts";
import { useConsole, useForwards } from "./live.ts";
import { peer } from "./peer.ts";

const J = jmpCommand("j");
/** Milliseconds that a shell may take. */
const DEADLINE = 120_000;

/** The Python shell around a command; it ends with 0, whatever the command does. */
async function place({ file, dir, env }: Bench): Promise<Place> {
  const { jmp } = await peer();
  return { shell: [jmp, "shell", "--exporter-config", file, "--"], cwd: dir, env };
}

const deno = (task: string, ...args: string[]) => [
  ...[Deno.execPath(), task, "--quiet", "--no-prompt", "-A", `--config=${repoPath("deno.json")}`],
  ...args,
];

testChecks("ours in the Python shell", checks, async () => {
  await using bench = await openBench();
  const { shell, env } = await place(bench);
  const script = deno("run", repoPath("tests/interop/script.ts"));
  const command = [...shell, ...script, ...Object.keys(checks)] as const;
  return await run(command, { env: env!, timeout: DEADLINE });
});

Deno.test("our j in the Python shell drives the Python drivers", async (test) => {
  await using bench = await openBench();
  await writeFiles(bench.dir);
  await assertLines(test, linesFor("ours"), byProgram(...J), await place(bench));
  await assertFiles(bench.dir, "theirs");
  for (const copy of ["read-back", "mux-read"]) {
    assert.equal(await Deno.readTextFile(`${bench.dir}/${copy}`), "an image");
  }
});

Deno.test("our j in the Python shell forwards, and pipes, until SIGTERM", async () => {
  await using bench = await openBench();
  const statuses = await useForwards(await place(bench), J, "TERM");
  // The pipe has ended by then, with its input.
  assert.deepEqual(statuses, [2, 2, 2, 2, 2, 0]);
});

Deno.test("our j in the Python shell opens a console", async () => {
  await using bench = await openBench();
  await useConsole(await place(bench), J, /console open/);
});

/** Runs a file of tests in the Python shell: the status of `deno test`, and what it says of each. */
async function denoTest(bench: Bench, file: string, ...args: string[]) {
  const { shell, cwd, env } = await place(bench);
  const report = `${cwd}/report.xml`;
  const command = deno(
    "test",
    "--no-check",
    "--fail-fast=4",
    `--junit-path=${report}`,
    repoPath(`tests/interop/${file}`),
    "--",
    ...args,
  );
  const script = '"$@"; echo "status $?"';
  const { stdout } = await run([...shell, "sh", "-c", script, "sh", ...command], {
    cwd,
    env: env!,
    timeout: DEADLINE,
  });
  const [, status] = /^status (\d+)$/m.exec(stdout) ?? [];
  return { stdout, status: Number(status), ...await readJunit(report) };
}

/** A Python exporter gives each record to one reader; and each of our tests reads the log itself. */
const ofTheLog = new Set([
  "session: the log has what a driver says",
  "session: the client's log stream hands it on",
]);

Deno.test("our deno test in the Python shell passes every check of every driver", async () => {
  await using bench = await openBench();
  const { stdout, status, passed, failed } = await denoTest(bench, "board_cases.ts", ...ofTheLog);
  assert.deepEqual(failed, [], stdout);
  assert.deepEqual(passed.sort(), titles(checks).filter((title) => !ofTheLog.has(title)));
  assert.equal(status, 0, stdout);
});

Deno.test("our deno test in the Python shell fails what has to fail", async () => {
  await using bench = await openBench();
  const { stdout, status, passed, failed } = await denoTest(bench, "faulty_cases.ts");
  assert.deepEqual(passed, ["what holds passes"], stdout);
  assert.deepEqual(failed, [
    "what does not hold fails",
    "a call that the exporter refuses fails",
    "a driver of another kind fails",
  ]);
  assert.equal(status, 1, stdout);
});
