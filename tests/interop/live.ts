import assert from "node:assert/strict";
import { resolve } from "node:path";
import { concat, fromConnection } from "@jumpstarter/lib/streams";
import { start, until, within } from "../support/running.ts";
import { TestTerminal } from "../support/tmux.ts";
import type { Place } from "./lines.ts";

/** Commands of `j` that go on until they are told to end, by where their output goes. */
const FORWARDS = {
  tcp: "tcp forward-tcp 0",
  other: "tcp forward-tcp 0 --address 127.0.0.1",
  echo: "echo forward-tcp 0",
  named: "unix forward-unix named.socket",
  fresh: "tcp forward-unix",
};
const PIPE = "loop pipe --input --output piped";
/** Milliseconds for a connection. */
const DEADLINE = 20_000;
const GREETING = "through the loop and back\n";

/**
 * Lets forwards carry bytes there and back, and the end with them, and a pipe write to a file. Gives
 * the statuses with which a signal ends them, in that order.
 */
export async function useForwards(
  { shell, cwd, env = {} }: Place,
  j: readonly string[],
  signal: "TERM" | "KILL",
): Promise<number[]> {
  const program = j.map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${cwd}/greeting`, GREETING);
  const jobs = { ...FORWARDS, pipe: PIPE };
  const pids = Object.keys(jobs).map((name) => `$${name}`);
  const script = [
    `trap 'kill -KILL ${pids.join(" ")} 2>/dev/null' EXIT TERM HUP`,
    ...Object.entries(jobs).map(([name, line]) =>
      `${program} ${line} <greeting >at-${name} 2>at-${name}.errors & ${name}=$!`
    ),
    "cat",
    ...pids.map((pid) => `kill -${signal} ${pid}; wait ${pid}; echo "status $?"`),
  ].join("\n");
  await using running = start([...shell, "sh", "-c", script], { cwd, env, hasInput: true });
  for (const name of Object.keys(FORWARDS)) {
    const address = await shown(`${cwd}/at-${name}`);
    await within(DEADLINE, echoes(address, cwd));
  }
  await until("the pipe writes", async () => await textOf(`${cwd}/piped`) === GREETING);
  await running.endInput();
  const { stdout } = await running.finished;
  return [...stdout.matchAll(/^status (\d+)$/gm)].map(([, status]) => Number(status));
}

/** The line in which a forward tells where it listens. */
async function shown(file: string): Promise<string> {
  let text = "";
  await until(`${file} has a line`, async () => (text = await textOf(file)).endsWith("\n"));
  return text.trim();
}

async function textOf(file: string): Promise<string> {
  return await Deno.readTextFile(file).catch(() => ""); // not there yet
}

async function echoes(address: string, cwd: string): Promise<void> {
  const sent = crypto.getRandomValues(new Uint8Array(60_000));
  await using stream = fromConnection(await connect(address, cwd));
  const [, back] = await Promise.all([
    stream.write(sent).then(() => stream.closeWrite()),
    (async () => {
      const parts: Uint8Array[] = [];
      for (let part = await stream.read(); part !== null; part = await stream.read()) {
        parts.push(part);
      }
      return concat(parts);
    })(),
  ]);
  assert.deepEqual(back, sent);
}

async function connect(address: string, cwd: string): Promise<Deno.Conn> {
  const [, hostname, port] = /^([^/]+):(\d+)$/.exec(address) ?? [];
  return hostname === undefined
    ? await Deno.connect({ transport: "unix", path: resolve(cwd, address) })
    : await Deno.connect({ hostname, port: Number(port) });
}

/** Opens a console in a terminal, types, and leaves it by its keys; the status must be 0. */
export async function useConsole(
  { shell, cwd, env = {} }: Place,
  j: readonly string[],
  isOpen: RegExp,
): Promise<void> {
  const script = '"$@" loop start-console; echo "left with $?"; read answer';
  await using terminal = await TestTerminal.open(
    [...shell, "sh", "-c", script, "sh", ...j],
    { cwd, env: { ...env, NO_COLOR: "1", TERM: "screen-256color" } },
  );
  await terminal.shows(isOpen);
  await terminal.type("typed and sent back");
  await terminal.shows(/typed and sent back/);
  await terminal.press("C-b", "C-b", "C-b");
  await terminal.shows(/left with 0/);
}
