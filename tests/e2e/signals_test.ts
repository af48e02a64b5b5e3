import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, tempDir } from "../support/programs.ts";
import { Running, startExporter } from "../support/session.ts";

const entries = {
  power: { type: types.power },
  echo: { type: types.echo },
  serial: { type: types.serial, config: { url: "loop://" } },
};

/** Commands that last until they are ended, and what they print when they are at it. */
const blocking: [string, RegExp][] = [
  ["echo forward-tcp 0", /^127\.0\.0\.1:\d+$/m],
  ["echo forward-unix", /^\/.*socket$/m],
  ["power read -n 0", /voltage/],
  ["power cycle -w 60", /Power cycling/],
];

/** Generous: the promise is a second, the machine may be busy. */
const SOON = 4_000;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`one ${signal} ends every blocking command of j, with status 2`, async (test) => {
    await using dir = await tempDir();
    const file = await writeExporter(dir.path, entries);
    await using exporter = await startExporter(dir.path, file);
    for (const [line, printed] of blocking) {
      await test.step(`j ${line}`, async () => {
        const env = { JUMPSTARTER_HOST: exporter.host };
        await using running = new Running(jmpCommand("j", ...line.split(" ")), env);
        await running.printed(printed);
        running.child.kill(signal);
        assert.equal((await running.ended(SOON)).status, 2);
      });
    }
  });
}

Deno.test("one SIGTERM ends every blocking command that the shell carries out", async (test) => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, entries);
  for (const [line, printed] of blocking) {
    await test.step(`j ${line}`, async () => {
      // The shell's script tells the launcher's process number, and its status.
      const script = `j ${line} & echo "pid $!"; wait $!; echo "status $?"`;
      const shell = jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script);
      await using running = new Running(shell);
      const text = await running.printed(printed);
      Deno.kill(Number(/^pid (\d+)$/m.exec(text)![1]), "SIGTERM");
      await running.printed(/^status 2$/m);
      assert.equal((await running.ended(SOON)).status, 0);
    });
  }
});

Deno.test("SIGTERM ends jmp shell, its command, and the session's folder", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, entries);
  const script = 'echo "pid $$ $JUMPSTARTER_HOST"; exec sleep 60';
  const shell = jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script);
  await using running = new Running(shell);
  const [, pid, socket] = /^pid (\d+) (\S+)$/m.exec(await running.printed(/^pid .*\n/m))!;
  running.child.kill("SIGTERM");
  assert.equal((await running.ended(SOON)).status, 2);
  await assert.rejects(Deno.stat(`/proc/${pid}`), Deno.errors.NotFound);
  await assert.rejects(Deno.stat(socket!), Deno.errors.NotFound);
});

Deno.test("a launcher that is killed takes its command with it", async () => {
  await using dir = await tempDir();
  const file = await writeExporter(dir.path, entries);
  const script = `j echo forward-tcp 0 & echo "pid $!"; wait $!; read end`;
  const shell = jmpCommand("shell", "--exporter-config", file, "--", "sh", "-c", script);
  await using running = new Running(shell);
  const text = await running.printed(/127\.0\.0\.1:\d+\n/);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(text)![1]);
  Deno.kill(Number(/^pid (\d+)$/m.exec(text)![1]), "SIGKILL");
  const deadline = Date.now() + SOON;
  for (;;) {
    const connection = await Deno.connect({ port }).catch(() => undefined);
    if (connection === undefined) break;
    connection.close();
    assert.ok(Date.now() < deadline, "the forward is still there");
  }
});
