import assert from "node:assert/strict";
import type { Finished } from "../support/programs.ts";

/** What a script prints for each check: a line of JSON. */
interface Verdict {
  check: string;
  ok: boolean;
  reason?: string;
}

/**
 * Makes a test of every check. The first that runs starts the script, which serves them all.
 * The Python shell ends with 0, whatever its command did; so each verdict counts, not the status.
 */
export function testChecks(
  who: string,
  checks: readonly string[],
  script: () => Promise<Finished>,
): void {
  let running: Promise<Finished> | undefined;
  const finished = () => running ??= script();
  for (const name of checks) {
    Deno.test(`${who}: ${name}`, async () => assertPassed(name, await finished()));
  }
  Deno.test(`${who}: the script checks this, nothing else, and ends well`, async () => {
    const { status, stdout, stderr } = await finished();
    assert.deepEqual(verdicts(stdout).map(({ check }) => check).sort(), [...checks].sort());
    assert.equal(status, 0, stderr);
  });
}

function assertPassed(name: string, { stdout, stderr }: Finished): void {
  const verdict = verdicts(stdout).find(({ check }) => check === name);
  if (verdict === undefined) assert.fail(`not checked; the script said:\n${stdout}\n${stderr}`);
  if (!verdict.ok) assert.fail(verdict.reason ?? "no reason given");
}

function verdicts(stdout: string): Verdict[] {
  return stdout.split("\n").filter((line) => line.startsWith('{"check":'))
    .map((line) => JSON.parse(line));
}
