import assert from "node:assert/strict";
import { expectedOutput, readPage, type ShownCommand } from "../support/doc_page.ts";
import { freePort } from "../support/direct.ts";
import { jmpCommand, repoPath, run, tempDir } from "../support/programs.ts";
import { type Running, start, within } from "../support/running.ts";

/** `jmp`, whose log is the one that people see. */
function launcher(): string {
  const [run, other] = [jmpCommand("--log-format", "text"), jmpCommand()]
    .map((words) => `exec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  return `#!/bin/sh\nif [ "$1" = run ]; then ${run}else ${other}fi\n`;
}

function check({ command }: ShownCommand, output: string, expected: RegExp): void {
  assert.match(output, expected, `${command}: ${output}`);
}

Deno.test("docs/direct_mode.md: its exporter serves, and ends, as it says", async () => {
  const text = await Deno.readTextFile(repoPath("docs/direct_mode.md"));
  const { files, commands } = readPage(text.replaceAll("8443", `${freePort()}`));
  await using dir = await tempDir();
  const cwd = dir.path;
  const env = { PATH: `${cwd}/bin:${Deno.env.get("PATH")}`, XDG_RUNTIME_DIR: cwd };
  await Deno.mkdir(`${cwd}/bin`);
  await Deno.writeTextFile(`${cwd}/bin/jmp`, launcher(), { mode: 0o700 });
  for (const { name, text } of files) await Deno.writeTextFile(`${cwd}/${name}`, text);
  await using stack = new AsyncDisposableStack();
  let exporter: Running | undefined;
  for (const shown of commands) {
    const expected = expectedOutput(shown);
    if (shown.command.startsWith("jmp run ")) {
      exporter = stack.use(start(["sh", "-c", `exec ${shown.command}`], { cwd, env }));
      await exporter.shown(/power on$/m);
      await exporter.shown(/\(on\) Operation completed/);
      check(shown, `${exporter.stdout}\n${exporter.stderr}`, expected);
    } else if (shown.command.startsWith("pkill ")) {
      exporter!.kill("SIGTERM");
      const { status, stderr } = await within(10_000, exporter!.finished);
      assert.equal(status, 0, stderr);
      check(shown, stderr, expected);
    } else {
      const { status, stdout, stderr } = await run(["sh", "-c", shown.command], { cwd, env });
      check(shown, `${stdout}\n${stderr}`, expected);
      assert.equal(status !== 0, shown.output.some((line) => line.startsWith("error:")), stderr);
    }
  }
  assert.ok(exporter !== undefined && commands.length >= 6, "the page serves and ends");
});
