import assert from "node:assert/strict";
import { type CommandLine, openExporter, openShell, type ShellBench } from "../support/bench.ts";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, run, tempDir } from "../support/programs.ts";
import { exists, isAlive, type Running, start, until, within } from "../support/running.ts";
import { hasTmux, TestTerminal } from "../support/tmux.ts";

const entries = {
  power: { type: types.power },
  echo: { type: types.echo },
  serial: { type: types.serial, config: { url: "loop://" } },
};

/** Commands that last until they are ended, and what they say when they are at it. */
const blocking: [string, RegExp][] = [
  ["echo forward-tcp 0", /^127\.0\.0\.1:\d+\n/],
  ["echo forward-unix", /^\/.+\n/],
  ["serial pipe", /^copying the port to standard output .*\n/],
  ["power read -n 0", /^voltage=.*\n/],
  ["power cycle -w 60", /^Power cycling .*\n/],
];

/** What a user waits at most, milliseconds; what ends by itself takes a small part of it. */
const SECOND = 1_000;
/** The same where more has to end, and the machine may be busy. */
const SOON = 4_000;

/** Ends every blocking command with a signal; what each left behind. */
async function endAll(
  test: Deno.TestContext,
  signal: Deno.Signal,
  startJ: (...args: string[]) => Running,
): Promise<void> {
  for (const [line, shown] of blocking) {
    await test.step(`j ${line}`, async () => {
      await using running = startJ(...line.split(" "));
      const [address] = await running.shown(shown);
      running.kill(signal);
      const { status, stderr } = await within(SECOND, running.finished);
      assert.equal(status, 2);
      assert.doesNotMatch(stderr, /error/);
      if (line.includes("forward")) await assert.rejects(dial(address.trim()), "it is closed");
    });
  }
}

/** Connects to what a forward has printed. */
async function dial(address: string): Promise<void> {
  const connection = address.startsWith("/")
    ? await Deno.connect({ transport: "unix", path: address })
    : await Deno.connect({ hostname: "127.0.0.1", port: Number(address.split(":")[1]) });
  connection.close();
}

function starter(
  { env }: { env: Record<string, string> },
  line: (...args: string[]) => CommandLine,
) {
  return (...args: string[]) => start(line(...args), { env, hasInput: true });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends every blocking command of the shell's j within a second, with status 2`, async (test) => {
    await using shell = await openShell(entries);
    await endAll(test, signal, starter(shell, shell.warm));
  });

  Deno.test(`${signal} ends every blocking command of a j on its own within a second, with status 2`, async (test) => {
    await using exporter = await openExporter(entries);
    await endAll(test, signal, starter(exporter, exporter.cold));
  });
}

Deno.test("SIGTERM ends jmp shell, its command, and the session's folder", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, entries);
  const script = 'echo "pid $$ $JUMPSTARTER_HOST"; exec sleep 60';
  const shell = jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script);
  await using running = start(shell);
  const [, pid, socket] = await running.shown(/^pid (\d+) (\S+)\n/);
  running.kill("SIGTERM");
  const { status, stderr } = await within(SOON, running.finished);
  assert.equal(status, 2, stderr);
  assert.equal(await isAlive(Number(pid)), false);
  assert.equal(await exists(socket!.replace(/\/socket$/, "")), false);
});

Deno.test("SIGTERM ends jmp shell even when its command does not listen to it", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, entries);
  const script = 'trap "" TERM HUP; echo "pid $$ $JUMPSTARTER_HOST"; exec sleep 60';
  const shell = jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script);
  await using running = start(shell);
  const [, pid, socket] = await running.shown(/^pid (\d+) (\S+)\n/);
  running.kill("SIGTERM");
  assert.equal((await within(SOON, running.finished)).status, 2);
  assert.equal(await isAlive(Number(pid)), false);
  assert.equal(await exists(socket!.replace(/\/socket$/, "")), false);
});

for (const [what, command] of [["at its prompt", undefined], ["at work", "j power read -n 0"]]) {
  Deno.test({
    name: `SIGTERM ends an interactive jmp shell ${what}${hasTmux ? "" : " (needs tmux)"}`,
    ignore: !hasTmux,
    async fn() {
      await using dir = await tempDir();
      const file = await writeExporter(dir.path, entries);
      const shell = jmpCommand("shell", "--exporter-config", file);
      const script = '"$@" & echo $! >jmp; fg >/dev/null; echo "jmp ended with $?"; read answer';
      await using terminal = await TestTerminal.open(
        ["bash", "-m", "-c", script, "bash", ...shell],
        {
          cwd: dir.path,
          env: { SHELL: "/bin/bash", TERM: "screen-256color" },
        },
      );
      await terminal.shows(/⚡local ➤$/m);
      await terminal.enter('echo "pid $$ $JUMPSTARTER_HOST" | tee bash');
      await terminal.shows(/^pid \d+ /m);
      const [, pid, socket] = (await Deno.readTextFile(`${dir.path}/bash`)).trim().split(" ");
      if (command !== undefined) {
        await terminal.enter(command);
        await terminal.shows(/^voltage=/m);
      }
      Deno.kill(Number(await Deno.readTextFile(`${dir.path}/jmp`)), "SIGTERM");
      await terminal.shows(/^(.*\^C)?jmp ended with 2$/m);
      assert.equal(await isAlive(Number(pid)), false);
      assert.equal(await exists(socket!.replace(/\/socket$/, "")), false);
    },
  });
}

Deno.test("a launcher that is killed takes its command in the shell with it", async () => {
  await using shell = await openShell(entries);
  await using forward = await startForward(shell);
  forward.running.kill("SIGKILL");
  await forward.running.finished;
  await until("the forward is closed", () => dial(forward.address).then(() => false, () => true));
});

Deno.test("a jmp shell that is killed takes its j commands with it, which say so", async () => {
  await using shell = await openShell(entries);
  await using forward = await startForward(shell);
  shell.program.kill("SIGKILL");
  const { status, stderr } = await within(SOON, forward.running.finished);
  assert.equal(status, 1);
  assert.equal(stderr, "error: the jmp shell ended before the command did\n");
});

Deno.test("a jmp shell that is killed leaves a folder, which the next one removes; one that runs keeps its own", async () => {
  await using killed = await openShell(entries);
  await using running = await openShell(entries, { XDG_RUNTIME_DIR: killed.runtime });
  killed.program.kill("SIGKILL");
  await killed.program.endInput(); // which ends its command
  await killed.program.finished;
  const folders = [killed.host, running.host].map((socket) => socket.replace(/\/socket$/, ""));
  assert.deepEqual(await Promise.all(folders.map(exists)), [true, true]);
  const next = await run(
    jmpCommand("shell", "--exporter-config", `${running.dir}/bench.yaml`, "--", "true"),
    { env: { XDG_RUNTIME_DIR: killed.runtime } },
  );
  assert.equal(next.status, 0, next.stderr);
  assert.deepEqual(await Promise.all(folders.map(exists)), [false, true]);
  assert.equal((await run(running.warm("power", "on"), running)).status, 0);
});

async function startForward(shell: ShellBench) {
  const running = start(shell.warm("echo", "forward-tcp", "0"), { env: shell.env });
  const [address] = await running.shown(/^127\.0\.0\.1:\d+/);
  return { running, address, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
