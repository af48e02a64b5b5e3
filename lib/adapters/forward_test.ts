import assert from "node:assert/strict";
import { ConnectionError } from "../errors.ts";
import { type ByteStream, copy, pipe } from "../streams/mod.ts";
import type { StreamSource } from "./stream_source.ts";
import { TcpForward } from "./tcp_forward.ts";
import { UnixForward } from "./unix_forward.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A driver client whose streams the given function serves. */
function source(serve: (device: ByteStream) => unknown): StreamSource & { methods: string[] } {
  const methods: string[] = [];
  return {
    methods,
    stream(method = "connect") {
      methods.push(method);
      const [device, stream] = pipe();
      serve(device);
      return Promise.resolve(stream);
    },
  };
}

const echo = source((device) => copy(device, device).catch(() => {}));

async function readToEnd(connection: Deno.Conn): Promise<string> {
  return await new Response(connection.readable).text();
}

Deno.test("a TCP forward gives each connection a stream, and passes half-close on", async () => {
  const client = source((device) => copy(device, device));
  await using forward = await TcpForward.listen(client, { method: "connect_web" });
  const { hostname, port } = forward;
  assert.equal(hostname, "127.0.0.1");
  const connections = await Promise.all(["one", "two"].map(async (word) => {
    const connection = await Deno.connect({ hostname, port });
    await connection.write(bytes(word));
    await connection.closeWrite();
    return await readToEnd(connection);
  }));
  assert.deepEqual(connections, ["one", "two"]);
  assert.deepEqual(client.methods, ["connect_web", "connect_web"]);
});

Deno.test("disposing a forward closes its port and its connections", async () => {
  const forward = await TcpForward.listen(echo);
  const { hostname, port } = forward;
  using connection = await Deno.connect({ hostname, port });
  await connection.write(bytes("x"));
  await connection.read(new Uint8Array(1));
  await forward[Symbol.asyncDispose]();
  await forward.done;
  assert.equal(await connection.read(new Uint8Array(1)), null);
  await assert.rejects(Deno.connect({ hostname, port }), Deno.errors.ConnectionRefused);
});

Deno.test("the signal ends a forward", async () => {
  const aborter = new AbortController();
  const forward = await TcpForward.listen(echo, { signal: aborter.signal });
  aborter.abort();
  await forward.done;
});

Deno.test("a stream that cannot be opened ends its own connection only", async () => {
  const errors: unknown[] = [];
  const unreachable = new ConnectionError("cannot connect to dut:80: connection refused");
  let isUp = false;
  const client: StreamSource = {
    stream: () => isUp ? echo.stream() : Promise.reject(unreachable),
  };
  await using forward = await TcpForward.listen(client, { onError: (error) => errors.push(error) });
  const { hostname, port } = forward;
  assert.equal(await readToEnd(await Deno.connect({ hostname, port })), "");
  assert.deepEqual(errors, [unreachable]);
  isUp = true;
  const connection = await Deno.connect({ hostname, port });
  await connection.write(bytes("still here"));
  await connection.closeWrite();
  assert.equal(await readToEnd(connection), "still here");
});

Deno.test("a far end that does not read stops the writer instead of filling memory", async () => {
  await using forward = await TcpForward.listen(source(() => {}));
  const { hostname, port } = forward;
  const connection = await Deno.connect({ hostname, port });
  const chunk = new Uint8Array(65_536);
  let written = 0;
  const flood = (async () => {
    for (;;) written += await connection.write(chunk);
  })().catch(() => {});
  // Written until the kernel's buffers are full, and then no more.
  for (let last = -1; last !== written;) {
    last = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.ok(written < 32_000_000, `${written} bytes were taken`);
  await forward[Symbol.asyncDispose]();
  await flood;
  connection.close();
});

Deno.test("a port that is taken is an error that says so", async () => {
  await using forward = await TcpForward.listen(echo);
  await assert.rejects(
    TcpForward.listen(echo, { port: forward.port }),
    { code: "connection", message: /cannot listen on 127\.0\.0\.1:\d+: the port is taken/ },
  );
});

Deno.test("a Unix forward makes a private directory and removes it", async () => {
  const forward = await UnixForward.listen(echo);
  const directory = forward.path.replace(/\/socket$/, "");
  assert.match(directory, /\/jumpstarter-[^/]+$/);
  assert.equal((await Deno.stat(directory)).mode! & 0o777, 0o700);
  const connection = await Deno.connect({ transport: "unix", path: forward.path });
  await connection.write(bytes("hello"));
  await connection.closeWrite();
  assert.equal(await readToEnd(connection), "hello");
  await forward[Symbol.asyncDispose]();
  await assert.rejects(Deno.stat(directory), Deno.errors.NotFound);
});

Deno.test("a Unix forward at a given path removes the socket, and refuses a file that is there", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/s`;
  const forward = await UnixForward.listen(echo, { path });
  await assert.rejects(UnixForward.listen(echo, { path }), /the file exists already/);
  await forward[Symbol.asyncDispose]();
  assert.deepEqual([...Deno.readDirSync(directory)], []);
  await Deno.remove(directory);
});
