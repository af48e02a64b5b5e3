import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { AllowList, type Board } from "@jumpstarter/lib/client";
import { runJ } from "../../cli/j/run.ts";
import { testIo } from "../../tests/support/command_io.ts";
import { ShellClient } from "./mod.ts";

const shape = { shell: ShellClient };

function open(): Promise<Board<typeof shape>> {
  const methods = {
    say_it: { command: 'echo "$1|$2|$FOO"; printf "one\\ntwo" >&2', description: "Say something" },
    sayIt: "echo capital",
    fail: "exit 42",
    dies: "kill -TERM $$",
  };
  return serve({
    shell: { type: "jumpstarter_driver_shell.driver.Shell", config: { methods } },
  }, shape);
}

async function j(board: Board<typeof shape>, ...args: string[]): Promise<[number, string, string]> {
  const { io, output, notes } = testIo();
  const status = await runJ(board.tree, args, { io, allowed: AllowList.parse(undefined) });
  return [status, output(), notes.join("\n")];
}

Deno.test("j has a command for each method, by its name as it is", async () => {
  await using board = await open();
  const [, help] = await j(board, "shell", "--help");
  assert.match(help, /^ {2}say_it {2}Say something$/m);
  assert.match(help, /^ {2}sayIt {3}Execute the sayIt shell method$/m);
  assert.deepEqual(await j(board, "shell", "sayIt"), [0, "capital\n", ""]);
  assert.match((await j(board))[1], /─ shell {2}say_it sayIt fail dies/);
});

Deno.test("j passes arguments on, options included, and shows both outputs", async () => {
  await using board = await open();
  assert.deepEqual(
    await j(board, "shell", "say_it", "-e", "FOO=a=b", "x", "--help"),
    [0, "x|--help|a=b\n", "one\ntwo"],
  );
  assert.equal((await j(board, "shell", "say_it", "-x", "-e"))[1], "-x|-e|\n");
  assert.equal((await j(board, "shell", "say_it", "--", "-e", "y"))[1], "-e|y|\n");
  assert.match((await j(board, "shell", "say_it", "--help"))[1], /--env <KEY=VALUE>/);
});

Deno.test("the status of a script is that of j", async () => {
  await using board = await open();
  assert.equal((await j(board, "shell", "fail"))[0], 42);
  assert.equal((await j(board, "shell", "dies"))[0], 143);
});

Deno.test("j refuses a variable without a value, and a method that is not there", async () => {
  await using board = await open();
  await assert.rejects(j(board, "shell", "say_it", "-e", "FOO"), /Use KEY=VALUE/);
  await assert.rejects(j(board, "shell", "say"), /"j shell" has no command "say"/);
});
