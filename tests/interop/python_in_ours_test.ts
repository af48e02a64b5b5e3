import assert from "node:assert/strict";
import { jmpCommand, repoPath, run, tempDir } from "../support/programs.ts";
import { openBench } from "./bench.ts";
import { boardChecks, checks, type Group } from "./checks.ts";
import { testChecks } from "./judge.ts";
import { assertLines, type Line } from "./lines.ts";
import { peer } from "./peer.ts";

const BOARD = repoPath("examples/board.yaml");

/** Our shell around a command. */
const shell = (file: string) => jmpCommand("shell", "--exporter-config", file, "--");

async function runScript(name: string, file: string, env: Record<string, string>) {
  const { python } = await peer();
  // The repository is no place for compiled modules.
  return await run([...shell(file), python, "-B", repoPath(`tests/interop/${name}`)], { env });
}

for (const group of Object.keys(checks) as Group[]) {
  testChecks(`Python in our shell, ${group}`, checks[group], async () => {
    await using bench = await openBench();
    return await runScript(`check_${group}.py`, bench.file, bench.env);
  });
}

testChecks("Python in our shell, simulated board", boardChecks, async () => {
  await using dir = await tempDir();
  return await runScript("check_board.py", BOARD, { INTEROP_DIR: dir.path });
});

const lines: readonly Line[] = [
  ["power on", 0, /^$/],
  ["power cycle -w 0", 0, /Power cycling with 0 seconds wait time/],
  ["power read", 0, /voltage=5\.0 V {2}current=2\.0 A {2}apparent_power=10\.0 VA/],
  ["alias on", 0, /^$/],
  ["twin spare off", 0, /^$/],
  ["tcp address --host", 0, /^127\.0\.0\.1$/m],
  ["echo address", 1, /0\.7\.1/],
  ["flasher flash image", 0, /./],
  ["flasher dump copy", 0, /./],
  // Its commands for a storage are written, but not registered in this release.
  ["files hash stored", 1, /No such command/],
  ["mux host", 0, /^$/],
  ["muxFlasher flash image", 0, /./],
  ["muxFlasher dump copy", 0, /./],
  ["shell say -e WHO=me a --help", 0, /^say\|a\|--help\|me$/m],
  ["power nope", 1, /No such command/],
  ["nope on", 1, /No such command/],
];

Deno.test("Python j in our shell drives our drivers", async (test) => {
  const { j } = await peer();
  await using bench = await openBench();
  await Deno.writeTextFile(`${bench.dir}/image`, "an image");
  await assertLines(test, lines, { shell: shell(bench.file), j: [j], cwd: bench.dir });
  assert.equal(await Deno.readTextFile(`${bench.dir}/copy`), "an image");
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
  const { j } = await peer();
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/image`, "VERSION=1.2.3\n");
  await assertLines(test, boardLines, { shell: shell(BOARD), j: [j], cwd: dir.path });
  assert.equal(await Deno.readTextFile(`${dir.path}/copy`), "VERSION=1.2.3\n");
});
