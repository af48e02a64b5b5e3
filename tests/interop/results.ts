import assert from "node:assert/strict";
import type { Finished } from "../support/programs.ts";

/** Holds what a script printed (`ok NAME`, `failed NAME: reason`) against what it was to check. */
export async function assertChecks(
  test: Deno.TestContext,
  checks: readonly string[],
  { stdout, stderr }: Finished,
): Promise<void> {
  const lines = stdout.split("\n");
  for (const name of checks) {
    await test.step(name, () => {
      if (lines.includes(`ok ${name}`)) return;
      const failure = lines.find((line) => line.startsWith(`failed ${name}`));
      assert.fail(failure ?? `not checked; the script said:\n${stdout}${stderr}`);
    });
  }
}
