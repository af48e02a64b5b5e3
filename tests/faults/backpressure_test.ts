import assert from "node:assert/strict";
import { type Bench, type CommandLine, openExporter, openShell } from "../support/bench.ts";
import { types } from "../support/exporter_file.ts";
import { residentMemory, start } from "../support/running.ts";

const MB = 1_000_000;
/** What our buffers on the way may hold together; the system's at both ends are as large as it likes. */
const MOST_HELD = 10 * MB;
/** What is poured if nothing ever stops it. */
const ENDLESS = 400 * MB;
/** What a process may grow by: those buffers, and what the garbage collector has not seen yet. */
const MOST_GROWN = 60 * MB;
/** Nothing taken for so long, milliseconds, means that nothing will be. */
const STILL = 1_000;

/** A line of `/proc/net/tcp`: both ports, and the bytes in both queues (proc_net_tcp.rst of Linux). */
const SOCKET = /:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]{2} ([0-9A-F]{8}):([0-9A-F]{8})/g;

interface Forward extends AsyncDisposable {
  /** A program's connection to the forward. */
  readonly near: Deno.TcpConn;
  /** The server's end of it. */
  readonly far: Deno.TcpConn;
  /** Memory of every process on the way, bytes. */
  memory(): Promise<number[]>;
}

interface Way extends Bench {
  j(...args: string[]): CommandLine;
}

/** Who carries the bytes: exporter and client each in a process, or both in the shell. */
const ways: Record<string, (entries: Record<string, unknown>) => Promise<Way>> = {
  "through an exporter and a j on its own": async (entries) => {
    const bench = await openExporter(entries);
    return { ...bench, j: bench.cold };
  },
  "through a shell": async (entries) => {
    const bench = await openShell(entries);
    return { ...bench, j: bench.warm };
  },
};

async function openForward(open: (typeof ways)[string]): Promise<Forward> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const config = { host: "127.0.0.1", port: server.addr.port };
  const bench = stack.use(await open({ tcp: { type: types.tcp, config } }));
  const j = stack.use(start(bench.j("tcp", "forward-tcp", "0"), { env: bench.env }));
  const [, port] = await j.shown(/^127\.0\.0\.1:(\d+)\n/);
  const accepting = server.accept();
  const near = stack.use(await Deno.connect({ hostname: "127.0.0.1", port: Number(port) }));
  const far = stack.use(await accepting);
  const held = stack.move();
  return {
    near,
    far,
    memory: () => Promise.all([bench.program, j].map(({ pid }) => residentMemory(pid))),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** A stream of bytes whose every place can be told: the value at a place is that place. */
function pieceAt(offset: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(65_536).map((_, index) => (offset + index) % 251);
}

/** Writes until nobody takes any more; what was taken, and what goes on once somebody reads. */
async function pour(connection: Deno.Conn): Promise<{ taken: number; rest: Promise<number> }> {
  let taken = 0;
  let piece = pieceAt(0);
  for (;;) {
    const writing = connection.write(piece);
    writing.catch(() => {}); // it ends with the connection when a test fails
    const size = await orStill(writing);
    if (size === undefined) return { taken, rest: writing };
    taken += size;
    assert.ok(taken < ENDLESS, "it swallows whatever it is given");
    piece = pieceAt(taken);
  }
}

async function orStill<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const still = new Promise<undefined>((resolve) =>
    timer = setTimeout(() => resolve(undefined), STILL)
  );
  try {
    return await Promise.race([work, still]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes of connections that the system holds: what was written and not read, at both ends of each. */
async function queued(...connections: Deno.TcpConn[]): Promise<number> {
  const ports = connections.flatMap((
    { localAddr, remoteAddr },
  ) => [localAddr.port, remoteAddr.port]);
  const table = await Deno.readTextFile("/proc/net/tcp");
  let bytes = 0;
  for (const [, local, remote, sent, unread] of table.matchAll(SOCKET)) {
    if (![local, remote].every((port) => ports.includes(parseInt(port!, 16)))) continue;
    bytes += parseInt(sent!, 16) + parseInt(unread!, 16);
  }
  return bytes;
}

/** Reads a number of bytes, and checks that they are those that were poured. */
async function drain(connection: Deno.Conn, size: number, offset = 0): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let seen = offset; seen < offset + size;) {
    const rest = offset + size - seen;
    const count = await connection.read(buffer.subarray(0, Math.min(rest, buffer.length)));
    assert.ok(count !== null, `the stream ends after ${seen} bytes`);
    assert.equal(buffer[0], seen % 251);
    assert.equal(buffer[count - 1], (seen + count - 1) % 251);
    seen += count;
  }
}

for (const [name, open] of Object.entries(ways)) {
  for (const [from, to] of [["near", "far"], ["far", "near"]] as const) {
    Deno.test(`a ${to} end that does not read stops the ${from} end, ${name}, and nothing piles up or is lost`, async () => {
      await using forward = await openForward(open);
      const before = await forward.memory();
      const { taken, rest } = await pour(forward[from]);
      const held = taken - await queued(forward.near, forward.far);
      assert.ok(held < MOST_HELD, `${held} of ${taken} bytes are held on the way`);
      const after = await forward.memory();

      for (const [index, size] of after.entries()) {
        const grown = size - before[index]!;
        assert.ok(grown < MOST_GROWN, `a process has grown by ${grown} bytes`);
      }
      await drain(forward[to], taken);
      await drain(forward[to], await rest, taken);
    });
  }
}
