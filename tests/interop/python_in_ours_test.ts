import assert from "node:assert/strict";
import { jmpCommand, repoPath, run } from "../support/programs.ts";
import { openBench } from "./bench.ts";
import { checks } from "./checks.ts";
import { peer } from "./peer.ts";
import { assertLines, type Line } from "./lines.ts";
import { assertChecks } from "./results.ts";

Deno.test("the Python client calls every method of our drivers", async (test) => {
  const { python } = await peer();
  await using bench = await openBench();
  const script = repoPath("tests/interop/every_method.py");
  const command = jmpCommand("shell", "--exporter-config", bench.file, "--", python, script);
  await assertChecks(test, checks, await run(command, { timeout: 120_000 }));
});

const lines: readonly Line[] = [
  ["power on", 0, /^$/],
  ["power cycle -w 0", 0, /Power cycling with 0 seconds wait time/],
  ["power read", 0, /voltage=5\.0 V {2}current=2\.0 A {2}apparent_power=10\.0 VA/],
  ["alias on", 0, /^$/],
  ["rack spare off", 0, /^$/],
  ["tcp address --host", 0, /^127\.0\.0\.1$/m],
  ["echo address", 1, /0\.7\.1/],
  ["flasher flash image", 0, /./],
  ["flasher dump copy", 0, /./],
  ["power nope", 1, /No such command/],
  ["nope on", 1, /No such command/],
];

Deno.test("the Python j drives our drivers", async (test) => {
  const { j } = await peer();
  await using bench = await openBench();
  await Deno.writeTextFile(`${bench.dir}/image`, "an image");
  const shell = jmpCommand("shell", "--exporter-config", bench.file, "--");
  await assertLines(test, lines, { shell, j: [j], cwd: bench.dir });
  assert.equal(await Deno.readTextFile(`${bench.dir}/copy`), "an image");
});
