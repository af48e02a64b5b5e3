import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { Board } from "@jumpstarter/lib/client";
import { FakeTime } from "../../tests/support/fake_time.ts";
import { until, within } from "../../tests/support/running.ts";
import { ShellClient } from "./mod.ts";

const type = "jumpstarter_driver_shell.driver.Shell";
const shape = { shell: ShellClient };
/** Milliseconds for what comes at once, on a machine under load. */
const SOON = 10_000;

function open(
  methods: Record<string, unknown>,
  config: Record<string, unknown> = {},
): Promise<Board<typeof shape>> {
  return serve({ shell: { type, config: { methods, ...config } } }, shape);
}

/** A file whose reader waits until somebody writes into it. */
async function fifo(): Promise<AsyncDisposable & { path: string }> {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/fifo`;
  await new Deno.Command("mkfifo", { args: [path] }).output();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }) };
}

Deno.test("Shell names its methods in the order of the file, with their descriptions", async () => {
  await using board = await serve({
    shell: {
      type,
      config: {
        methods: {
          b_plain: "true",
          a: { command: "true", description: "Does nothing" },
          said: { command: "true", description: "of the config" },
        },
      },
      methods_description: { said: "of the entry" },
    },
  }, shape);
  assert.deepEqual(await board.shell.methods(), ["b_plain", "a", "said"]);
  assert.deepEqual({ ...board.shell.node.methodsDescription }, {
    a: "Does nothing",
    said: "of the entry",
  });
});

Deno.test("a script gets its name, its arguments and variables, and its exit status comes back", async () => {
  await using board = await open({ say: 'echo "$0|$1|$2|$FOO"; echo oops >&2; exit 3' });
  const result = await board.shell.run("say", ["a", "b c"], { env: { FOO: "1" } });
  assert.deepEqual(result, { stdout: "say|a|b c|1\n", stderr: "oops\n", returnCode: 3 });
});

Deno.test("output comes while the script runs, the status only with the last item", async () => {
  await using file = await fifo();
  await using board = await open({ talk: `echo one; cat ${file.path}; printf end` });
  const items = board.shell.streamingCall("call_method", "talk", null);
  assert.deepEqual((await items.next()).value, ["one\n", "", null]);
  await Deno.writeTextFile(file.path, "two\n");
  let text = "";
  let status: unknown = null;
  for await (const item of items) {
    const [stdout, , returnCode] = item as [string, string, number | null];
    assert.equal(status, null);
    text += stdout;
    status = returnCode;
  }
  assert.deepEqual([text, status], ["two\nend", 0]);
});

Deno.test("characters that are cut in two stay whole, and what is none is replaced", async () => {
  await using board = await open({
    many: "for i in $(seq 1000); do printf 'a€'; done",
    bad: "printf '\\377x'",
  });
  assert.equal((await board.shell.run("many")).stdout, "a€".repeat(1000));
  assert.equal((await board.shell.run("bad")).stdout, "\ufffdx");
});

Deno.test("one megabyte of output comes as a whole, in pieces of 1024 bytes at most", async () => {
  await using board = await open({ big: "head -c 1000000 /dev/zero | tr '\\0' x" });
  let size = 0;
  for await (const { stdout } of board.shell.output("big")) {
    assert.ok(stdout.length <= 1024);
    size += stdout.length;
  }
  assert.equal(size, 1_000_000);
});

Deno.test("the status of a script that a signal ended is negative", async () => {
  await using board = await open({ dies: "kill -TERM $$" });
  assert.equal((await board.shell.run("dies")).returnCode, -15);
});

Deno.test("a script that takes too long is ended, with all that it started, and returns 199", async () => {
  await using board = await open({
    slow: { command: "echo started; sleep 60 & echo $!; wait", timeout: 1 },
  });
  const { stdout, stderr, returnCode } = await board.shell.run("slow");
  assert.match(stderr, /^\nslow took longer than 1 s and was ended\n$/);
  assert.equal(returnCode, 199);
  const sleeper = Number(stdout.split("\n")[1]);
  await until("what it started ends", () => !isRunning(sleeper));
});

Deno.test("a script that does not listen to SIGTERM is killed after 5 s", async () => {
  const deaf = "trap '' TERM; echo $$; while :; do sleep 1; done";
  await using board = await open({ deaf }, { timeout: 1 });
  const items = board.shell.output("deaf");
  const { pid, rest, wasRunning } = await (async () => {
    using time = new FakeTime();
    const pid = Number((await items.next()).value!.stdout);
    const rest = Array.fromAsync(items);
    await time.pass(1_000);
    await time.pass(4_999);
    const wasRunning = isRunning(pid);
    await time.pass(1);
    return { pid, rest, wasRunning };
  })();
  const last = (await within(SOON, rest)).at(-1)!;
  assert.ok(wasRunning, "it has 5 s");
  assert.equal(last.returnCode, 199);
  assertEnded(pid);
});

Deno.test("a client that goes ends its script", async () => {
  await using board = await open({ endless: "echo $$; exec sleep 60" });
  let pid = 0;
  for await (const { stdout } of board.shell.output("endless")) {
    pid = Number(stdout);
    break;
  }
  await until("the script ends", () => !isRunning(pid));
});

Deno.test("a session that ends takes its scripts with it", async () => {
  const board = await open({ endless: "echo $$; exec sleep 60" });
  const items = board.shell.output("endless");
  const { value } = await items.next();
  await board[Symbol.asyncDispose]();
  assertEnded(Number(value!.stdout));
  await items.return(undefined).catch(() => {}); // its session is gone
});

Deno.test("what a script may not be given is refused", async () => {
  await using board = await open({ say: "echo hello", empty: " " });
  const { shell } = board;
  const refused = (message: RegExp) => ({ code: "invalid_argument", message });
  const run = (name: string, env: unknown, ...args: unknown[]) =>
    Array.fromAsync(shell.streamingCall("call_method", name, env, ...args));
  await assert.rejects(run("nope", {}), refused(/no method "nope"; there are say, empty/));
  await assert.rejects(run("constructor", {}), refused(/no method "constructor"/));
  await assert.rejects(run("empty", {}), refused(/the script of empty is empty/));
  await assert.rejects(run("say", { "1A": "x" }), refused(/"1A" is no name/));
  for (const name of ["PATH", "HOME", "BASH_ENV", "LD_AUDIT", "BASH_FUNC_x"]) {
    await assert.rejects(run("say", { [name]: "x" }), refused(new RegExp(`"${name}" is blocked`)));
  }
  await assert.rejects(run("say", { FOO: 1 }), { code: "invalid_argument" });
  await assert.rejects(run("say", {}, "a", 1), { code: "invalid_argument" });
  assert.deepEqual(await run("say", null), [["hello\n", "", null], ["", "", 0]]);
});

Deno.test("scripts run in the folder and with the shell of the file", async () => {
  const cwd = await Deno.makeTempDir();
  await using board = await open({ where: "pwd" }, { shell: ["sh", "-e", "-c"], cwd });
  assert.equal((await board.shell.run("where")).stdout, `${await Deno.realPath(cwd)}\n`);
  await Deno.remove(cwd);
  await assert.rejects(board.shell.run("where"), {
    code: "invalid_argument",
    message: /there is no such folder/,
  });
});

Deno.test("a shell that is not there is named", async () => {
  await using board = await open({ x: "true" }, { shell: ["/no/such/shell", "-c"] });
  await assert.rejects(board.shell.run("x"), /cannot run \/no\/such\/shell/);
});

Deno.test("a script has no input, so that it cannot wait for some", async () => {
  await using board = await open({ reads: "cat; echo done" });
  assert.equal((await board.shell.run("reads")).stdout, "done\n");
});

Deno.test("settings of wrong types are named by their keys", async () => {
  await assert.rejects(open({ x: { command: "true", timeout: 0.5 } }), /config\.methods\.x/);
  await assert.rejects(open({ x: "true" }, { shell: [] }), /config\.shell/);
  await assert.rejects(open({ x: "true" }, { colour: 1 }), /config\.colour/);
});

function isRunning(pid: number): boolean {
  assert.ok(pid > 0, "no process was named");
  try {
    // A process that has ended and was not waited for is in state Z.
    return !/^\d+ \(.*\) Z/.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

function assertEnded(pid: number): void {
  assert.ok(!isRunning(pid), `process ${pid} still runs`);
}
