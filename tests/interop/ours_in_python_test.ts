import assert from "node:assert/strict";
import { jmpCommand, repoPath, run } from "../support/programs.ts";
import { openBench } from "./bench.ts";
import { checks } from "./checks.ts";
import { peer } from "./peer.ts";
import { assertLines, type Line } from "./lines.ts";
import { assertChecks } from "./results.ts";

Deno.test("our client calls every method of the Python drivers", async (test) => {
  const { jmp } = await peer();
  await using bench = await openBench();
  const script = repoPath("tests/interop/every_method.ts");
  const config = `--config=${repoPath("deno.json")}`;
  const program = [Deno.execPath(), "run", "--quiet", "--no-prompt", "-A", config, script];
  const shell = [jmp, "shell", "--exporter-config", bench.file, "--"] as const;
  await assertChecks(test, checks, await run([...shell, ...program], { timeout: 120_000 }));
});

const lines: readonly Line[] = [
  ["power on", 0, /power on/],
  ["power cycle -w 0", 0, /Power cycling with 0 seconds wait time\.\.\./],
  ["power read", 0, /^voltage=5\.0 V {2}current=2\.0 A {2}apparent_power=10\.0 VA$/m],
  ["alias on", 0, /power on/],
  ["rack spare off", 0, /power off/],
  ["tcp address --host", 0, /^127\.0\.0\.1$/m],
  ["echo address", 1, /0\.7\.1/],
  ["flasher flash --verify image", 0, /✓ written and verified/],
  ["flasher dump copy", 0, /✓ read/],
  ["files write-from-path stored image", 0, /✓ written/],
  ["files hash stored", 0, /^[0-9a-f]{64}$/m],
  ["power nope", 1, /"j power" has no command "nope"/],
  ["nope on", 1, /"j" has no command "nope"/],
];

Deno.test("our j drives the Python drivers", async (test) => {
  const { jmp } = await peer();
  await using bench = await openBench();
  await Deno.writeTextFile(`${bench.dir}/image`, "an image");
  const shell = [jmp, "shell", "--exporter-config", bench.file, "--"] as const;
  await assertLines(test, lines, { shell, j: jmpCommand("j"), cwd: bench.dir });
  assert.equal(await Deno.readTextFile(`${bench.dir}/copy`), "an image");
});
