import assert from "node:assert/strict";
import { missingJ } from "./missing_j.ts";

const hook = (script: string) => ({ script, timeout: 1_000, onFailure: "warn" as const });

Deno.test("hooks that call j are told when there is none on their PATH", async () => {
  const dir = await Deno.makeTempDir();
  const [script, empty] = [`${dir}/prepare.sh`, `${dir}/empty`];
  await Deno.writeTextFile(script, "set -e\nj power on\n");
  await Deno.mkdir(empty);
  const told = (before: string, after = "") =>
    missingJ({ beforeLease: hook(before), afterLease: hook(after) }, `/nowhere:${empty}`);
  for (
    const calling of [
      "j power on",
      "sleep 1;j power on",
      "if ! (j power on); then exit 1; fi",
      "import subprocess\nsubprocess.run(['j', 'power', 'on'])",
      script,
    ]
  ) {
    assert.equal(
      told(calling),
      'no "j" is on PATH for the beforeLease hook; "jmp run" brings it along',
    );
  }
  assert.match(told("j power on", "j power off")!, / the beforeLease and the afterLease hook;/);
  for (const other of ["", "echo jj power", "echo obj on", "echo j"]) {
    assert.equal(told(other), undefined, other);
  }
  await Deno.writeTextFile(`${empty}/j`, "");
  assert.equal(told("j power on"), undefined);
  await Deno.remove(dir, { recursive: true });
});
