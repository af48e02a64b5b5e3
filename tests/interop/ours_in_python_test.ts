import assert from "node:assert/strict";
import { jmpCommand, repoPath, run } from "../support/programs.ts";
import { openBench } from "./bench.ts";
import { checks, type Group } from "./checks.ts";
import { testChecks } from "./judge.ts";
import { assertLines, type Line } from "./lines.ts";
import { peer } from "./peer.ts";

/** The Python shell around a command; it ends with 0, whatever the command does. */
async function shell(file: string) {
  const { jmp } = await peer();
  return [jmp, "shell", "--exporter-config", file, "--"] as const;
}

const script = [
  ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "-A"],
  ...[`--config=${repoPath("deno.json")}`, repoPath("tests/interop/script.ts")],
];

for (const group of Object.keys(checks) as Group[]) {
  testChecks(`ours in the Python shell, ${group}`, checks[group], async () => {
    await using bench = await openBench();
    return await run([...await shell(bench.file), ...script, group], { env: bench.env });
  });
}

const lines: readonly Line[] = [
  ["power on", 0, /power on/],
  ["power cycle -w 0", 0, /Power cycling with 0 seconds wait time\.\.\./],
  ["power read", 0, /^voltage=5\.0 V {2}current=2\.0 A {2}apparent_power=10\.0 VA$/m],
  ["alias on", 0, /power on/],
  ["twin spare off", 0, /power off/],
  ["tcp address --host", 0, /^127\.0\.0\.1$/m],
  ["echo address", 1, /0\.7\.1/],
  ["flasher flash --verify image", 0, /✓ written and verified/],
  ["flasher dump copy", 0, /✓ read/],
  ["files write-from-path stored image", 0, /✓ written/],
  ["files hash stored --algo md5", 0, /^[0-9a-f]{32}$/m],
  ["files exists nowhere", 1, /^$/],
  ["mux write-local-file image", 0, /✓ written/],
  ["shell fail", 3, /./],
  ["mux host", 0, /^$/],
  ["muxFlasher flash image", 0, /./],
  ["muxFlasher dump copy", 0, /./],
  ["shell say -e WHO=me a --help", 0, /^say\|a\|--help\|me$/m],
  ["power nope", 1, /"j power" has no command "nope"/],
  ["nope on", 1, /"j" has no command "nope"/],
];

Deno.test("our j in the Python shell drives the Python drivers", async (test) => {
  await using bench = await openBench();
  await Deno.writeTextFile(`${bench.dir}/image`, "an image");
  const j = jmpCommand("j");
  await assertLines(test, lines, { shell: await shell(bench.file), j, cwd: bench.dir });
  assert.equal(await Deno.readTextFile(`${bench.dir}/copy`), "an image");
});
