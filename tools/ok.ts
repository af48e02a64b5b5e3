/**
 * The house checks, `deno task ok`: all that a change must pass before it is committed. Every check
 * runs, two at a time, then the tests; the end names what failed. `--no-tests` leaves the tests out.
 */
import { listFiles } from "./module_graph.ts";

const ROOT = new URL("../", import.meta.url);

const PAGES = (await listFiles(await Deno.realPath(ROOT))).filter((file) => file.endsWith(".md"));

/** What is run, as arguments of `deno`. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  "format": ["fmt", "--check"],
  "lint": ["lint"],
  "types": ["check", "-q", "--frozen", "."],
  "documentation of what is public": ["run", "-A", "tools/doc_lint.ts"],
  "examples in comments and pages": ["check", "-q", "--doc-only", ".", ...PAGES],
  "import arrows": ["run", "-A", "tools/check_imports.ts"],
  "behaviours have tests": ["run", "-A", "tools/check_behaviours.ts"],
  "generated code is fresh": ["run", "-A", "proto/generate.ts", "--check"],
  "packages can be published": ["publish", "-q", "--dry-run", "--allow-dirty"],
};
const TESTS = { name: "tests", args: ["task", "test"] };
const AT_A_TIME = 2;

/** Runs one check, prints it in one piece (its output only when it failed), and says if it passed. */
async function check(name: string, args: readonly string[]): Promise<boolean> {
  const start = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
  }).output();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`── ${name}: ${success ? "ok" : "FAILED"} (${seconds} s)`);
  if (!success) {
    console.log(`deno ${args.join(" ")}`);
    const decoder = new TextDecoder();
    console.log(decoder.decode(stdout) + decoder.decode(stderr));
  }
  return success;
}

const failed: string[] = [];
const waiting = Object.entries(CHECKS);
const runWaiting = async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (!await check(...next)) failed.push(next[0]);
  }
};
await Promise.all(Array.from({ length: AT_A_TIME }, runWaiting));

if (!Deno.args.includes("--no-tests")) {
  console.log(`── ${TESTS.name}`);
  const tests = new Deno.Command(Deno.execPath(), { args: TESTS.args, cwd: ROOT }).spawn();
  if (!(await tests.status).success) failed.push(TESTS.name);
}

console.log(failed.length === 0 ? "── all ok" : `── failed: ${failed.join(", ")}`);
if (failed.length > 0) Deno.exit(1);
