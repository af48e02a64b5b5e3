import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import type { DriverContext } from "@jumpstarter/lib/driver";
import { type ByteStream, readAll } from "@jumpstarter/lib/streams";
import { testIo } from "../../tests/support/command_io.ts";
import { commands } from "./commands.ts";
import { EchoNetwork, NetworkClient, TcpNetwork, UnixNetwork } from "./mod.ts";

const P = "jumpstarter_driver_network.driver.";
const bytes = (text: string) => new TextEncoder().encode(text);

function context<Config>(config: Config): DriverContext<Config> {
  const host = {
    log() {},
    openResource: () => Promise.reject(new Error("no resources here")),
  };
  return { name: "net", config, children: new Map(), host };
}

async function textOf(stream: ByteStream): Promise<string> {
  return await new Response(ReadableStream.from(readAll(stream))).text();
}

/** Serves one connection: answers all that was sent in capitals, once the client has ended. */
async function shout(listener: Deno.Listener): Promise<void> {
  using connection = await listener.accept();
  const buffer = new Uint8Array(1024);
  let text = "";
  for (let size = await connection.read(buffer); size; size = await connection.read(buffer)) {
    text += new TextDecoder().decode(buffer.subarray(0, size));
  }
  await connection.write(bytes(text.toUpperCase()));
}

async function answer(stream: ByteStream, text: string): Promise<string> {
  await stream.write(bytes(text));
  await stream.closeWrite();
  return await textOf(stream);
}

Deno.test("TcpNetwork connects to its server, and passes half-close on", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = shout(listener);
  const { port } = listener.addr;
  const net = new TcpNetwork(context({ host: "localhost", port, enable_address: true }));
  await using stream = await net.connect();
  assert.equal(await answer(stream, "hello"), "HELLO");
  await served;
});

Deno.test("UnixNetwork connects to its socket", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/s`;
  {
    using listener = Deno.listen({ transport: "unix", path });
    const served = shout(listener);
    await using stream = await new UnixNetwork(context({ path })).connect();
    assert.equal(await answer(stream, "hello"), "HELLO");
    await served;
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("EchoNetwork gives chunks back as they came, up to 32 unread", async () => {
  await using stream = await new EchoNetwork(context({})).connect();
  for (let count = 0; count < 32; count++) await stream.write(Uint8Array.of(count));
  let isTaken = false;
  const last = stream.write(Uint8Array.of(32)).then(() => isTaken = true);
  assert.deepEqual(await stream.read(), Uint8Array.of(0));
  assert.equal(isTaken, false);
  await last;
  await stream.closeWrite();
  const rest = await Array.fromAsync(readAll(stream), (chunk) => chunk[0]);
  assert.deepEqual(rest, Array.from({ length: 32 }, (_, index) => index + 1));
});

Deno.test("disposing an echo ends a read and a write that wait", async () => {
  const idle = await new EchoNetwork(context({})).connect();
  const read = idle.read();
  await idle[Symbol.asyncDispose]();
  assert.equal(await read, null);
  const full = await new EchoNetwork(context({})).connect();
  for (let count = 0; count < 32; count++) await full.write(Uint8Array.of(count));
  const write = full.write(Uint8Array.of(32));
  await full[Symbol.asyncDispose]();
  await assert.rejects(write, Deno.errors.BrokenPipe);
});

Deno.test("address() resolves names, brackets IPv6, and leaves alone what does not resolve", async () => {
  for (
    const [host, expected] of [
      ["192.0.2.7", "tcp://192.0.2.7:22"],
      ["2001:db8::1", "tcp://[2001:db8::1]:22"],
      ["dut.invalid", "tcp://dut.invalid:22"],
    ] as const
  ) {
    const net = new TcpNetwork(context({ host, port: 22, enable_address: true }));
    assert.equal(await net.address(), expected);
  }
  const local = new TcpNetwork(context({ host: "localhost", port: 22, enable_address: true }));
  assert.match(await local.address(), /^tcp:\/\/(127\.0\.0\.1|\[::1\]):22$/);
});

Deno.test("a server that is not there is an error with its place, at the client too", async () => {
  const port = freePort();
  await using board = await serve(
    {
      tcp: { type: `${P}TcpNetwork`, config: { host: "127.0.0.1", port } },
      unix: { type: `${P}UnixNetwork`, config: { path: "/nowhere/s" } },
    },
    { tcp: NetworkClient, unix: NetworkClient },
  );
  await assert.rejects(
    board.tcp.stream(),
    new RegExp(`cannot connect to 127.0.0.1:${port}: connection refused`),
  );
  await assert.rejects(board.unix.stream(), /cannot connect to \/nowhere\/s: no such file/);
});

Deno.test("j forward-tcp prints its address and lasts until Ctrl-C", async () => {
  await using board = await serve({ echo: { type: `${P}EchoNetwork` } }, { echo: NetworkClient });
  const { io, output, shown, interrupt } = testIo();
  const running = commands.forwardTcp!.run(board.echo, { port: 0, address: "localhost" }, io);
  await shown("\n");
  const [, hostname, port] = /^(.+):(\d+)\n$/.exec(output())!;
  using connection = await Deno.connect({ hostname: hostname!, port: Number(port) });
  await connection.write(bytes("ping"));
  const buffer = new Uint8Array(8);
  assert.equal(await connection.read(buffer), 4);
  interrupt();
  await running;
  assert.equal(await connection.read(buffer), null);
});

Deno.test("j forward-unix listens at a path relative to where it was typed", async () => {
  await using board = await serve({ echo: { type: `${P}EchoNetwork` } }, { echo: NetworkClient });
  const cwd = await Deno.makeTempDir();
  const { io, output, shown, interrupt } = testIo({ cwd });
  const running = commands.forwardUnix!.run(board.echo, { path: "s" }, io);
  await shown("\n");
  assert.equal(output(), `${cwd}/s\n`);
  using connection = await Deno.connect({ transport: "unix", path: `${cwd}/s` });
  await connection.write(bytes("ping"));
  await connection.closeWrite();
  const buffer = new Uint8Array(8);
  assert.equal(await connection.read(buffer), 4);
  interrupt();
  await running;
  await Deno.remove(cwd);
});

Deno.test("j forward-unix without a path makes a private socket, and removes it", async () => {
  await using board = await serve({ echo: { type: `${P}EchoNetwork` } }, { echo: NetworkClient });
  const { io, output, shown, interrupt } = testIo();
  const running = commands.forwardUnix!.run(board.echo, {}, io);
  await shown("\n");
  const path = output().trim();
  {
    using connection = await Deno.connect({ transport: "unix", path });
    await connection.write(bytes("ping"));
    assert.equal(await connection.read(new Uint8Array(8)), 4);
  }
  interrupt();
  await running;
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});

Deno.test("j address shows the whole, the host, or the port", async () => {
  await using board = await serve({
    v4: { type: `${P}TcpNetwork`, config: { host: "192.0.2.7", port: 80 } },
    v6: { type: `${P}TcpNetwork`, config: { host: "2001:db8::1", port: 443 } },
  }, { v4: NetworkClient, v6: NetworkClient });
  const show = async (client: NetworkClient, host: boolean, port: boolean) => {
    const { io, output } = testIo();
    await commands.address!.run(client, { host, port }, io);
    return output();
  };
  assert.equal(await show(board.v4, false, false), "192.0.2.7:80\n");
  assert.equal(await show(board.v4, true, true), "192.0.2.7:80\n");
  assert.equal(await show(board.v4, true, false), "192.0.2.7\n");
  assert.equal(await show(board.v4, false, true), "80\n");
  assert.equal(await show(board.v6, false, false), "[2001:db8::1]:443\n");
  assert.equal(await show(board.v6, true, false), "2001:db8::1\n");
});

Deno.test("j address says why there is none", async () => {
  await using board = await serve({
    hidden: {
      type: `${P}TcpNetwork`,
      config: { host: "192.0.2.7", port: 80, enable_address: false },
    },
    echo: { type: `${P}EchoNetwork` },
  }, { hidden: NetworkClient, echo: NetworkClient });
  const show = async (client: NetworkClient) =>
    await commands.address!.run(client, { host: false, port: false }, testIo().io);
  await assert.rejects(show(board.hidden), /set enable_address: true/);
  await assert.rejects(show(board.echo), /0\.7\.1/);
});

Deno.test("a server that does not read stops the writer, all the way", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const config = { host: "127.0.0.1", port: listener.addr.port };
  await using board = await serve({ tcp: { type: `${P}TcpNetwork`, config } }, {
    tcp: NetworkClient,
  });
  const forward = await board.tcp.portForward();
  const { hostname, port } = forward;
  using connection = await Deno.connect({ hostname, port });
  using _server = await listener.accept();
  let written = 0;
  const flood = (async () => {
    for (;;) written += await connection.write(new Uint8Array(65_536));
  })().catch(() => {});
  for (let last = -1; last !== written;) {
    last = written;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(written < 48_000_000, `${written} bytes were taken`);
  await forward[Symbol.asyncDispose]();
  await flood;
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
