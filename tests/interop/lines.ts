import assert from "node:assert/strict";
import { run } from "../support/programs.ts";

/** A command line of `j`, its status, and what it prints. */
export type Line = [line: string, status: number, output: RegExp];

/** Runs command lines one after the other in one shell, and holds what came of them against the list. */
export async function assertLines(
  test: Deno.TestContext,
  lines: readonly Line[],
  { shell, j, cwd }: {
    shell: readonly [string, ...string[]];
    j: readonly string[];
    cwd: string;
  },
): Promise<void> {
  const program = j.map((word) => `'${word}'`).join(" ");
  const script = lines.map(([line]) => `${program} ${line} 2>&1; echo "status $?"`).join("\n");
  const { stdout, stderr } = await run([...shell, "sh", "-c", script], { cwd, timeout: 120_000 });
  const results = stdout.split(/^status (\d+)\n/m);
  for (const [index, [line, status, output]] of lines.entries()) {
    await test.step(`j ${line}`, () => {
      const [printed, found] = results.slice(index * 2);
      assert.equal(Number(found), status, (printed ?? "") + stderr);
      assert.match(printed ?? "", output);
    });
  }
}
