import assert from "node:assert/strict";
import type { Finished } from "../support/programs.ts";

/** What a script prints for each check: a line of JSON, after one that names the group. */
interface Verdict {
  group: string;
  check: string;
  ok: boolean;
  reason?: string;
}

/** The names of the checks, by group. */
export type CheckNames = Readonly<Record<string, readonly string[]>>;

/**
 * Makes a test of every check. The first that runs starts the script, which serves them all.
 * The Python shell ends with 0, whatever its command did; so each verdict counts, not the status.
 */
export function testChecks(
  who: string,
  checks: CheckNames,
  script: () => Promise<Finished>,
): void {
  let running: Promise<Finished> | undefined;
  const finished = () => running ??= script();
  for (const { group, check } of all(checks)) {
    Deno.test(`${who}, ${group}: ${check}`, async () => {
      const { stdout, stderr } = await finished();
      const verdict = verdicts(stdout).find((found) =>
        found.group === group && found.check === check
      );
      if (verdict === undefined) assert.fail(`not checked; it said:\n${stdout}\n${stderr}`);
      if (!verdict.ok) assert.fail(verdict.reason ?? "no reason given");
    });
  }
  Deno.test(`${who}: the script checks this, nothing else, and ends well`, async () => {
    const { status, stdout, stderr } = await finished();
    assert.deepEqual(verdicts(stdout).map(title).sort(), titles(checks));
    assert.equal(status, 0, stderr);
  });
}

/** The checks as one list, each with its group before it, in the order of their names. */
export function titles(checks: CheckNames): string[] {
  return all(checks).map(title).sort();
}

function all(checks: CheckNames): { group: string; check: string }[] {
  return Object.entries(checks)
    .flatMap(([group, names]) => names.map((check) => ({ group, check })));
}

const title = ({ group, check }: { group: string; check: string }) => `${group}: ${check}`;

function verdicts(stdout: string): Verdict[] {
  let group = "";
  const found: Verdict[] = [];
  for (const line of stdout.split("\n")) {
    if (!/^\{"(check|group)":/.test(line)) continue;
    const said = JSON.parse(line);
    if (said.group !== undefined) group = said.group;
    else found.push({ group, ...said });
  }
  return found;
}
