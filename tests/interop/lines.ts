import assert from "node:assert/strict";
import { run } from "../support/programs.ts";

/** A command line of `j`, its status, and what it prints. */
export type Line = [line: string, status: number, output: RegExp];

/**
 * Now and then the peer's interpreter aborts while it shuts down, its work done: a fault of its own,
 * with its own exporter as well.
 */
const PEER_ABORTS = /^Fatal Python error: PyGILState_Release[^]*: finalizing /m;

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
      if (PEER_ABORTS.test(printed ?? "")) {
        console.warn(`the Python interpreter aborted after "j ${line}"; its status is not judged`);
      } else {
        assert.equal(Number(found), status, (printed ?? "") + stderr);
      }
      assert.match(printed ?? "", output);
    });
  }
}
