import assert from "node:assert/strict";
import { type Board, connect } from "@jumpstarter/lib/client";
import type { LogRecord } from "@jumpstarter/lib/driver";
import { parseEndpoint } from "@jumpstarter/lib/rpc";
import { writeExporter } from "../support/exporter_file.ts";
import { exporterCommand, repoPath, tempDir } from "../support/programs.ts";
import { residentMemory, until } from "../support/running.ts";

const MB = 1_000_000;
const FLOOD = 1_000_000;
/** What an exporter may grow by: its queues, and what the garbage collector has not seen yet. */
const MOST_GROWN = 150 * MB;
/** Milliseconds that a call may take while the driver beside it floods the log. */
const SLOWEST_CALL = 3_000;

/** An exporter whose standard error is not read until the test asks for it. */
interface Exporter extends AsyncDisposable {
  readonly pid: number;
  connect(): Promise<Board>;
  /** Ends the exporter; the lines of its standard error. */
  end(): Promise<string[]>;
}

async function open(
  args: readonly string[],
  more: Record<string, unknown> = {},
): Promise<Exporter> {
  await using stack = new AsyncDisposableStack();
  const { path: dir } = stack.use(await tempDir());
  const type = `${repoPath("tests/support/flooder.ts")}#Flooder`;
  const file = await writeExporter(dir, { flooder: { type } }, more);
  const where = args.length > 0 ? args : ["--socket", `${dir}/socket`];
  const [program, ...words] = exporterCommand("run", "--exporter-config", file, ...where);
  const child = new Deno.Command(program, {
    args: words,
    env: { XDG_RUNTIME_DIR: dir },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = async () => {
    child.kill("SIGTERM");
    const text = await new Response(child.stderr).text();
    assert.equal((await child.status).code, 0);
    return text.trimEnd().split("\n");
  };
  let ended: Promise<string[]> | undefined;
  stack.defer(async () => void await (ended ??= end()));
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!seen.includes("\n")) seen += (await stdout.read()).value ?? assert.fail("it ended");
  await stdout.cancel();
  const host = seen.slice(seen.indexOf("=") + 1).trim();
  const held = stack.move();
  return {
    pid: child.pid,
    connect: () => connect(parseEndpoint(host)),
    end: () => ended ??= end(),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Looks at an exporter's memory while something goes on: bytes by which it has grown at most. */
async function grownBy(pid: number, work: Promise<unknown>): Promise<number> {
  const before = await residentMemory(pid);
  let most = before;
  let isDone = false;
  const done = work.finally(() => isDone = true);
  await until("the flood ends", async () => {
    most = Math.max(most, await residentMemory(pid));
    return isDone;
  }, 120_000);
  await done;
  return most - before;
}

/** Counts a flood's records: those that are there, and those that are said to be missing. */
class Tally {
  seen = 0;
  dropped = 0;

  /** What was dropped may be one of the few records that the exporter itself writes. */
  assertComplete(): void {
    const others = this.seen + this.dropped - FLOOD;
    assert.ok(others >= 0 && others < 10, `${this.seen} seen, ${this.dropped} dropped`);
  }

  take(message: string): void {
    if (/^record \d+ of a flood$/.test(message)) this.seen++;
    this.dropped += Number(/^(\d+) log records? dropped: /.exec(message)?.[1] ?? 0);
  }

  /** Reads until the record that ends a flood. */
  async readTo(last: string, records: AsyncGenerator<LogRecord>): Promise<void> {
    for await (const { message } of records) {
      this.take(message);
      if (message === last) return;
    }
  }
}

function freePort(): { port: number } {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr;
}

const LAST = `record ${FLOOD} of a flood`;

Deno.test("a driver that logs a million records leaves the exporter usable and small, and every reader knows what it missed", async () => {
  await using exporter = await open([]);
  await using board = await exporter.connect();
  await using slow = await exporter.connect();
  const flooder = board.child("flooder");
  const alone = await flooder.call("flood", FLOOD / 10) as number;

  // A reader that takes one record, and then nothing until the flood is over.
  const records = slow.logs();
  const tally = new Tally();
  tally.take((await records.next()).value!.message);
  let isOver = false;
  const flood = (flooder.call("flood", FLOOD) as Promise<number>).finally(() => isOver = true);
  const grown = grownBy(exporter.pid, flood);
  let slowest = 0;
  let calls = 2;
  while (!isOver) {
    const start = performance.now();
    assert.equal(await flooder.call("ping"), "pong");
    slowest = Math.max(slowest, performance.now() - start);
    calls++;
  }
  assert.ok(slowest < SLOWEST_CALL, `a call took ${slowest} ms`);
  const size = await grown;
  assert.ok(size < MOST_GROWN, `the exporter has grown by ${size} bytes`);
  const took = await flood;
  assert.ok(took < 30 * alone + 2_000, `a tenth took ${alone} ms, all of it ${took} ms`);

  await tally.readTo(LAST, records);
  // What was dropped may be a call's start and end, too.
  const others = tally.seen + tally.dropped - FLOOD * 1.1;
  assert.ok(tally.dropped > FLOOD / 10, "the reader was not told of what it missed");
  assert.ok(others >= 0 && others <= 2 * calls, `${others} records of ${calls} calls are missing`);

  const own = new Tally();
  for (const line of await exporter.end()) own.take(JSON.parse(line).msg);
  assert.ok(own.dropped > 0, "the exporter's own log does not tell what is missing");
  assert.ok(own.seen + own.dropped >= FLOOD * 1.1, `it tells of ${own.seen} and ${own.dropped}`);
});

Deno.test("a hook that prints a million lines runs to its end, and the exporter stays small", async () => {
  const { port } = freePort();
  const script = `seq -f "record %.0f of a flood" ${FLOOD}`;
  const listener = ["--tls-grpc-listener", `127.0.0.1:${port}`, "--tls-grpc-insecure"];
  await using exporter = await open(listener, { hooks: { beforeLease: { script } } });
  await using board = await exporter.connect();
  const tally = new Tally();
  const size = await grownBy(exporter.pid, tally.readTo(LAST, board.logs()));
  assert.ok(size < MOST_GROWN, `the exporter has grown by ${size} bytes`);
  tally.assertComplete();
  const own = new Tally();
  for (const line of await exporter.end()) own.take(JSON.parse(line).msg);
  assert.ok(own.dropped > 0, "the exporter's own log does not tell what is missing");
  own.assertComplete();
});

Deno.test("a line of ten million characters is cut, and what is missing is said", async () => {
  await using exporter = await open([]);
  await using board = await exporter.connect();
  await board.child("flooder").call("shout", 10 * MB);
  for await (const { message } of board.logs()) {
    if (!message.startsWith("x")) continue;
    assert.match(message, /^x+ … 9983616 bytes cut$/);
    break;
  }
  const lines = await exporter.end();
  assert.equal(lines.filter((line) => / … 9983616 bytes cut/.test(line)).length, 1);
});
