import { jmpCommand, repoPath, run } from "../support/programs.ts";
import { testChecks } from "./judge.ts";
import { peer } from "./peer.ts";
import { openStores } from "./stores_bench.ts";
import { storeChecks } from "./stores_checks.ts";

const here = (name: string) => repoPath(`tests/interop/${name}`);

testChecks("Python in our shell", { stores: storeChecks }, async () => {
  const { python } = await peer();
  await using bench = await openStores();
  const shell = jmpCommand("shell", "--exporter-config", bench.file, "--");
  return await run([...shell, python, "-B", here("script.py"), "stores"], { env: bench.env });
});

testChecks("ours in the Python shell", { stores: storeChecks }, async () => {
  const { jmp } = await peer();
  await using bench = await openStores();
  const deno = [Deno.execPath(), "run", "-q", "--no-prompt", "-A", `-c=${repoPath("deno.json")}`];
  const shell = [jmp, "shell", "--exporter-config", bench.file, "--"] as const;
  return await run([...shell, ...deno, here("stores_script.ts")], { env: bench.env });
});
