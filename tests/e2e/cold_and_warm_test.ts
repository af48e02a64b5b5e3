import assert from "node:assert/strict";
import { type CommandLine, openShell, type ShellBench } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { type Finished, tempDir } from "../support/programs.ts";
import { start } from "../support/running.ts";
import { type Line, lines } from "./j_lines.ts";

/** A driver that no client of ours knows. */
const FAN = `
import { Driver, exported } from "@jumpstarter/lib/driver";
import { copy, pipe } from "@jumpstarter/lib/streams";
import * as v from "valibot";

export class Fan extends Driver {
  static override readonly client = "acme.FanClient";
  @exported level() { return 3; }
  @exported(v.any()) same(value: unknown) { return value; }
  @exported fail() { throw new Error("the fan is stuck"); }
  @exported async *count() { yield 1; yield 2; }
  @exported async *breakOff() { yield 1; throw new Error("broken off"); }
  @exported async *endless() { yield 1; await new Promise<void>(() => {}); }
  @exported.bytes loop() {
    const [near, far] = pipe();
    copy(far, far).catch(() => {});
    return Promise.resolve(near);
  }
}
`;

const methods = {
  three: "echo out; echo err >&2; exit 3",
  both: 'echo "$WORD$*"',
  large: "head -c 20000000 /dev/zero | tr '\\0' x",
  slow: "echo at it; sleep 60",
};

/** A device that answers a line in capitals and hangs up. */
function startDevice(): Disposable & { port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(100);
      const size = await connection.read(buffer);
      const line = new TextDecoder().decode(buffer.subarray(0, size ?? 0));
      await connection.write(new TextEncoder().encode(line.toUpperCase()));
      connection.close();
    }
  };
  void serve();
  return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
}

async function openBench(port: number, root: string): Promise<ShellBench> {
  await Deno.writeTextFile(`${root}/fan.ts`, FAN);
  const serial = (url: string) => ({ type: types.serial, config: { url, check_present: false } });
  const bench = await openShell({
    power: { type: types.power },
    main: { ref: "power" },
    rack: { children: { spare: { type: types.power } } },
    fan: { type: `${root}/fan.ts#Fan` },
    scripts: { type: types.shell, config: { methods } },
    mux: { type: types.mux },
    flasher: { type: types.flasher },
    files: { type: types.opendal, config: { scheme: "fs", kwargs: { root } } },
    echo: { type: types.echo },
    tcp: { type: types.tcp, config: { host: "127.0.0.1", port: 1 } },
    loop: serial("loop://"),
    answer: serial(`socket://127.0.0.1:${port}`),
    board: { type: types.board, config: { storage_size: 1_000 } },
  });
  await Deno.writeTextFile(`${bench.dir}/image.img`, "x".repeat(300_000));
  return bench;
}

/** Runs a line in one of the ways, in its own folder; its signal comes when it is at it. */
async function carryOut(
  { line, input, shell, env, shown, signal }: Line,
  { name, j, bench }: { name: string; j: ShellBench["warm"]; bench: ShellBench },
): Promise<Finished> {
  const words = line.replaceAll("WAY", name).split(" ").filter((word) => word !== "");
  const command: CommandLine = shell === undefined
    ? j(...words)
    : ["bash", "-o", "pipefail", "-c", `"$@" ${shell}`, "bash", ...j(...words)];
  await using running = start(command, {
    env: { ...bench.env, ...env },
    cwd: `${bench.dir}/${name}`,
    hasInput: input !== undefined || signal !== undefined,
  });
  if (input !== undefined) {
    await running.type(typeof input === "string" ? new TextEncoder().encode(input) : input);
  }
  if (signal === undefined) await running.endInput();
  else {
    await running.shown(shown!);
    running.kill(signal);
  }
  return comparable(await running.finished, name);
}

/** What a run left behind, without times and places, and with the same word for both ways. */
function comparable({ stdout, stderr, status }: Finished, name: string): Finished {
  return {
    status,
    stdout: stdout.replaceAll(name, "WAY")
      .replace(/^127\.0\.0\.1:\d+$/m, "127.0.0.1:PORT")
      .replace(/^\/.*\/jumpstarter-\w+\/socket$/m, "SOCKET"),
    stderr: stderr.replaceAll(name, "WAY").replace(/in \d+\.\d s/, "in … s"),
  };
}

function matches(text: string, expected: string | RegExp | undefined): void {
  if (typeof expected === "string") assert.equal(text, expected);
  else if (expected !== undefined) assert.match(text, expected);
}

Deno.test("the shell's j and a j on its own do and say the same", async (test) => {
  using device = startDevice();
  await using root = await tempDir();
  await using bench = await openBench(device.port, root.path);
  const ways = [
    { name: "way-1", j: bench.warm, bench },
    { name: "way-2", j: bench.cold, bench },
  ] as const;
  for (const { name } of ways) await Deno.mkdir(`${bench.dir}/${name}`);
  for (const line of lines) {
    const { status = 0, stdout, stderr, shell = "", signal = "" } = line;
    await test.step(["j", line.line, shell, signal].filter(Boolean).join(" "), async () => {
      const first = carryOut(line, ways[0]);
      if (line.isAlone) await first;
      const [warm, cold] = await Promise.all([first, carryOut(line, ways[1])]);
      assert.deepEqual(warm, cold);
      assert.equal(warm.status, status, warm.stderr);
      matches(warm.stdout, stdout);
      matches(warm.stderr, stderr);
      assert.doesNotMatch(warm.stderr, /\n\s+at /, "a stack trace is no answer");
    });
  }
  for (const { name } of ways) {
    for (const file of ["dumped.img", "read.img"]) {
      assert.equal((await Deno.stat(`${bench.dir}/${name}/${file}`)).size, 300_000);
    }
  }
});
