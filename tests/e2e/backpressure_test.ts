import assert from "node:assert/strict";
import { types, writeExporter } from "../support/exporter_file.ts";
import { jmpCommand, tempDir } from "../support/programs.ts";
import { residentSize, Running, startExporter } from "../support/session.ts";

const MB = 1_000_000;
/** What all buffers on the way may hold together. */
const BOUND = 40 * MB;
/** Without progress for so long, milliseconds, a direction counts as stopped. */
const STILL = 1_000;

interface Forward extends AsyncDisposable {
  port: number;
  /** Memory of the exporter and of the client, bytes. */
  memory(): Promise<number[]>;
}

/** A forward to a TCP server, with exporter and client in processes of their own. */
async function openForward(server: Deno.TcpListener): Promise<Forward> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir());
  const config = { host: "127.0.0.1", port: server.addr.port };
  const file = await writeExporter(dir.path, { tcp: { type: types.tcp, config } });
  const exporter = stack.use(await startExporter(dir.path, file));
  const client = stack.use(
    new Running(jmpCommand("j", "tcp", "forward-tcp", "0"), { JUMPSTARTER_HOST: exporter.host }),
  );
  const port = Number(/:(\d+)/.exec(await client.printed(/:\d+\n/))![1]);
  const held = stack.move();
  return {
    port,
    memory: () => Promise.all([exporter, client].map(({ child }) => residentSize(child.pid))),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Writes until nobody takes any more; how much was taken. */
async function pour(connection: Deno.Conn): Promise<number> {
  const piece = new Uint8Array(65_536);
  let taken = 0;
  for (;;) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const still = new Promise<0>((resolve) => timer = setTimeout(() => resolve(0), STILL));
    const writing = connection.write(piece);
    writing.catch(() => {}); // it ends with the connection
    const size = await Promise.race([writing, still]);
    clearTimeout(timer);
    if (size === 0) return taken;
    taken += size;
    assert.ok(taken < 10 * BOUND, "it swallows whatever it is given");
  }
}

async function assertFlat(forward: Forward, before: number[], taken: number): Promise<void> {
  assert.ok(taken < BOUND, `${taken} bytes were taken on the way`);
  const growth = (await forward.memory()).map((size, index) => size - before[index]!);
  for (const bytes of growth) assert.ok(bytes < 80 * MB, `memory grew by ${bytes} bytes`);
}

Deno.test("a forward whose far end does not read takes a bounded amount", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using forward = await openForward(server);
  using connection = await Deno.connect({ port: forward.port });
  using _silent = await server.accept();
  const before = await forward.memory();
  await assertFlat(forward, before, await pour(connection));
});

Deno.test("a forward whose near end does not read takes a bounded amount", async () => {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using forward = await openForward(server);
  using _silent = await Deno.connect({ port: forward.port });
  using connection = await server.accept();
  const before = await forward.memory();
  await assertFlat(forward, before, await pour(connection));
});
