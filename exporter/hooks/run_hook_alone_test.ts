import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import type { HookResult } from "./result.ts";
import { runHook, type RunHookOptions } from "./run_hook.ts";

type Hook = Partial<RunHookOptions["hook"]>;

/** Runs a script of a beforeLease hook; half a minute is more than any of them takes. */
async function run(
  script: string,
  hook: Hook = {},
  options: Partial<RunHookOptions> = {},
): Promise<{ result: HookResult; lines: string[] }> {
  const lines: string[] = [];
  const result = await runHook({
    phase: "beforeLease",
    host: "/run/hook",
    leaseName: "lease-1",
    clientName: "anna",
    hook: { script, timeout: 30_000, ...hook },
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { result, lines };
}

/** Runs a script and stops it when it has written so many lines. */
async function stopAfter(
  count: number,
  script: string,
  grace = 5_000,
): Promise<{ result: HookResult; lines: string[] }> {
  const aborter = new AbortController();
  const lines: string[] = [];
  const onLine = (line: string) => {
    lines.push(line);
    if (lines.length === count) aborter.abort();
  };
  const { result } = await run(script, {}, { onLine, grace, signal: aborter.signal });
  return { result, lines };
}

/** Descriptors of this process that lead to terminals. */
function openTerminals(): number {
  return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    try {
      return /^\/dev\/(pts|ptmx)/.test(Deno.readLinkSync(`/proc/self/fd/${name}`));
    } catch {
      return false; // the descriptor that lists them
    }
  }).length;
}

/** Waits until a process is gone, or dead and not yet collected. */
async function isGone(pid: string | undefined): Promise<void> {
  assert.match(pid ?? "", /^\d+$/);
  await eventually(async () => {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => ") Z");
    return /\) [ZX]/.test(stat);
  });
}

Deno.test("a script that ends with 0 succeeds, and its output comes in lines [exporter 60]", async () => {
  assert.deepEqual(await run("printf 'a\\r\\n\\n  b\\n' >&2; printf last"), {
    result: { kind: "success" },
    lines: ["a", "  b", "last"],
  });
});

Deno.test("a script that is blank succeeds without being run", async () => {
  assert.deepEqual(await run(" \n\t", { exec: "/nowhere", timeout: 0 }), {
    result: { kind: "success" },
    lines: [],
  });
});

Deno.test("an exit code and a signal are told apart", async () => {
  assert.deepEqual((await run("exit 7")).result, { kind: "exited", code: 7 });
  assert.deepEqual((await run("kill -USR1 $$")).result, { kind: "signalled", signal: 10 });
});

Deno.test("an interpreter that is not there is a failure to start [exporter 59]", async () => {
  assert.deepEqual((await run("x", { exec: "fish-of-nobody" })).result, {
    kind: "notStarted",
    reason: "cannot run fish-of-nobody: no such file or directory",
  });
  assert.deepEqual((await run("x", { exec: "/" })).result, {
    kind: "notStarted",
    reason: "cannot run /: permission denied",
  });
  assert.deepEqual((await run("echo \0")).result, {
    kind: "notStarted",
    reason: "the script holds a NUL character",
  });
});

Deno.test("a script has its interpreter by exec or extension [exporter 58]", async () => {
  const dir = await Deno.makeTempDir({ prefix: "hook files " });
  try {
    const [shell, python, deno] = [`${dir}/a.sh`, `${dir}/a.py`, `${dir}/a.ts`];
    await Deno.writeTextFile(shell, "#!/bin/false\necho sh ${BASH_VERSION:+bash}");
    await Deno.writeTextFile(python, "import sys\nprint('python', *sys.argv[1:])");
    await Deno.writeTextFile(deno, "const year: number = 1969; console.log(`${year}`);");
    const bash = { exec: "/bin/bash" };
    assert.deepEqual((await run("a=(1 2); echo ${#a[@]}", bash)).lines, ["2"]);
    assert.deepEqual((await run("print(6 * 7)", { exec: "python3" })).lines, ["42"]);
    assert.deepEqual((await run(shell)).lines, ["sh"]);
    assert.deepEqual((await run(shell, bash)).lines, ["sh bash"]);
    assert.deepEqual((await run(python)).lines, ["python"]);
    assert.deepEqual((await run(deno)).lines, ["1969"]);
    assert.deepEqual((await run(`'${shell}' now`)).result, { kind: "exited", code: 126 });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a hook has the environment of its lease and a dumb terminal [exporter 47]", async () => {
  const env = { ...Deno.env.toObject(), PS1: "$ ", TERM: "xterm" };
  const script = 'echo "$TERM $DEBIAN_FRONTEND $GIT_TERMINAL_PROMPT $JMP_DRIVERS_ALLOW"\n' +
    // A shell sets a prompt of its own.
    "grep -cz ^PS1= /proc/$$/environ\n" +
    'echo "$JUMPSTARTER_HOST $LEASE_NAME $CLIENT_NAME ${HOME:+home}"';
  assert.deepEqual((await run(script, {}, { env })).lines, [
    "dumb noninteractive 0 UNSAFE",
    "0",
    "/run/hook lease-1 anna home",
  ]);
});

Deno.test("a hook runs in the exporter's folder, with all that a program expects of its start", async () => {
  const { lines } = await run("pwd\numask\ngrep -E '^Sig(Blk|Ign)' /proc/self/status");
  assert.equal(lines[0], Deno.cwd());
  assert.equal(Number.parseInt(lines[1]!, 8), Deno.umask());
  const [blocked, ignored] = lines.slice(2).map((line) => BigInt(`0x${line.split("\t")[1]}`));
  assert.equal(blocked, 0n);
  assert.equal(ignored! & (1n << 12n), 0n, "SIGPIPE is ignored");
});

Deno.test("a hook has one terminal of size 0×0, and no controlling terminal", async () => {
  const { lines } = await run(
    "for fd in 0 1 2; do test -t $fd && readlink /proc/$$/fd/$fd; done\n" +
      "stty size\n(: </dev/tty) 2>/dev/null || echo no controlling terminal\n" +
      "ls -l /proc/$$/fd | grep -c /pts/\n" +
      "cut -d ' ' -f 5,6 /proc/$$/stat; echo $$",
  );
  const [input, output, errors, ...rest] = lines;
  assert.match(input!, /^\/dev\/pts\/\d+$/);
  assert.deepEqual([output, errors], [input, input]);
  const pid = rest.pop();
  assert.deepEqual(rest, ["0 0", "no controlling terminal", "3", `${pid} ${pid}`]);
});

Deno.test("a script that takes too long is ended, its output before is kept [exporter 54]", async () => {
  const before = openTerminals();
  const { result, lines } = await run("echo $$; exec sleep 3600", { timeout: 1_000 });
  assert.deepEqual(result, { kind: "timedOut", timeout: 1_000 });
  assert.equal(lines.length, 1);
  await isGone(lines[0]);
  assert.equal(openTerminals(), before);
});

Deno.test("a script with no time at all has timed out", async () => {
  const { result } = await run("echo", { timeout: 0 });
  assert.deepEqual(result, { kind: "timedOut", timeout: 0 });
});

Deno.test("a time-out that no timer can wait for is no time-out", async () => {
  assert.deepEqual((await run("true", { timeout: 2 ** 40 })).result, { kind: "success" });
});

Deno.test("a script that reads waits for its time-out and no longer", async () => {
  const { result, lines } = await run("read answer; echo got $answer", { timeout: 300 });
  assert.deepEqual(result, { kind: "timedOut", timeout: 300 });
  assert.deepEqual(lines, []);
});

Deno.test("a signal ends a hook, and every process of its script, however deep", async () => {
  const script =
    "sh -c 'sleep 3600 & echo $!; sh -c \"echo \\$\\$; sleep 3600\"; true' & echo $$; wait";
  // A process that a shell starts at this very moment may miss SIGTERM: it is killed a bit later.
  const { result, lines } = await stopAfter(3, script, 1_000);
  assert.deepEqual(result, { kind: "stopped" });
  assert.equal(lines.length, 3);
  for (const pid of lines) await isGone(pid);
});

Deno.test("a hook that is stopped before it starts does not start", async () => {
  assert.deepEqual(await run("echo never", {}, { signal: AbortSignal.abort() }), {
    result: { kind: "stopped" },
    lines: [],
  });
});

Deno.test("a script may clean up after SIGTERM; that it ends well changes nothing", async () => {
  const script = "trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.1; done";
  const { result, lines } = await stopAfter(1, script);
  assert.deepEqual(result, { kind: "stopped" });
  assert.equal(lines.at(-1), "cleaned");
});

Deno.test("a child may clean up although the script itself is gone", async () => {
  const child =
    "trap 'sleep 0.2; echo cleaned; exit' TERM; echo ready; while :; do sleep 0.1; done";
  const { lines } = await stopAfter(1, `sh -c "${child}"; true`);
  assert.equal(lines.at(-1), "cleaned");
});

Deno.test("what ignores SIGTERM is killed when its grace is over", async () => {
  const script = "trap '' TERM; sleep 3600 & echo $!; echo $$; wait; sleep 3600";
  const { result, lines } = await stopAfter(2, script, 300);
  assert.deepEqual(result, { kind: "stopped" });
  for (const pid of lines) await isGone(pid);
});

Deno.test("a process in the background that keeps the terminal holds nothing up [exporter 61]", async () => {
  const before = openTerminals();
  const { result, lines } = await run("sleep 3600 & echo $!");
  assert.deepEqual(result, { kind: "success" });
  assert.equal(openTerminals(), before);
  Deno.kill(Number(lines[0]), "SIGKILL"); // it goes on: the script may have meant it to
  await isGone(lines[0]);
});

Deno.test("a process in the background that writes for ever holds nothing up", async () => {
  const { result, lines } = await run("yes >&2 & echo $!");
  assert.deepEqual(result, { kind: "success" });
  await isGone(lines.find((line) => line !== "y")); // it cannot write to a terminal that is gone
});

Deno.test("all of a large output arrives", async () => {
  const { result, lines } = await run("seq 1 50000");
  assert.deepEqual(result, { kind: "success" });
  assert.equal(lines.length, 50_000);
  assert.equal(lines.at(-1), "50000");
});

Deno.test("many hooks at once do not mix, and leave nothing open", async () => {
  const before = openTerminals();
  const names = Array.from({ length: 12 }, (_, index) => `hook ${index}`);
  const runs = await Promise.all(names.map((name) => run(`echo ${name}; sleep 0.1; echo ${name}`)));
  assert.deepEqual(runs.map(({ lines }) => lines), names.map((name) => [name, name]));
  assert.equal(openTerminals(), before);
});

Deno.test("a reader that fails is the exporter's own failure, and the script still ends", async () => {
  const onLine = () => {
    throw new Error("the log is full");
  };
  assert.deepEqual((await run("echo a", {}, { onLine })).result, {
    kind: "internal",
    reason: "the log is full",
  });
});
