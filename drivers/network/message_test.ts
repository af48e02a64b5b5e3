import assert from "node:assert/strict";
import { serve } from "@jumpstarter/exporter/testing";
import { type ByteStream, concat } from "@jumpstarter/lib/streams";
import { echoDatagrams } from "../../tests/support/echo_messages.ts";
import { testIo } from "../../tests/support/command_io.ts";
import { commands } from "./commands.ts";
import { NetworkClient } from "./mod.ts";

const P = "jumpstarter_driver_network.driver.";
const bytes = (text: string) => new TextEncoder().encode(text);

/** A WebSocket server: it sends every message back, and closes when told `bye`. */
function webSocketEcho(): AsyncDisposable & { url: string } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== "/echo") return new Response("no", { status: 404 });
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      const isText = new TextDecoder().decode(data) === "as text";
      if (new TextDecoder().decode(data) === "bye") socket.close();
      else socket.send(isText ? "text" : data);
    };
    return response;
  });
  return {
    url: `ws://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function echoed(stream: ByteStream, data: Uint8Array): Promise<Uint8Array> {
  await stream.write(data);
  const parts: Uint8Array[] = [];
  for (let size = 0; size < data.length;) {
    const part = await stream.read();
    assert.ok(part, "the stream ended early");
    parts.push(part);
    size += part.length;
  }
  return concat(parts);
}

Deno.test("UdpNetwork keeps the bounds of datagrams, in both directions", async () => {
  await using echo = await echoDatagrams();
  const config = { host: "127.0.0.1", port: echo.port };
  await using board = await serve({ udp: { type: `${P}UdpNetwork`, config } }, {
    udp: NetworkClient,
  });
  assert.equal(await board.udp.address(), `udp://127.0.0.1:${echo.port}`);
  await using stream = await board.udp.stream();
  await stream.write(bytes("one"));
  await stream.write(bytes("three"));
  assert.deepEqual(await stream.read(), bytes("one"));
  assert.deepEqual(await stream.read(), bytes("three"));
  const large = new Uint8Array(60_000).fill(7);
  await stream.write(large);
  assert.deepEqual(await stream.read(), large);
  await stream.closeWrite();
});

Deno.test("a chunk that is too large for a datagram breaks its stream, and no other", async () => {
  await using echo = await echoDatagrams();
  const config = { host: "127.0.0.1", port: echo.port };
  await using board = await serve({ udp: { type: `${P}UdpNetwork`, config } }, {
    udp: NetworkClient,
  });
  await using broken = await board.udp.stream();
  await broken.write(new Uint8Array(65_530));
  await assert.rejects(broken.read(), /exchanging datagrams with 127\.0\.0\.1:\d+ failed/);
  await using stream = await board.udp.stream();
  assert.deepEqual(await echoed(stream, bytes("ping")), bytes("ping"));
});

Deno.test("WebsocketNetwork makes chunks messages and messages chunks", async () => {
  await using server = webSocketEcho();
  const url = `${server.url}/echo`;
  await using board = await serve(
    { web: { type: `${P}WebsocketNetwork`, config: { url } } },
    { web: NetworkClient },
  );
  assert.equal(await board.web.address(), url);
  await using stream = await board.web.stream();
  await stream.write(bytes("one"));
  await stream.write(bytes("three"));
  assert.deepEqual(await stream.read(), bytes("one"));
  assert.deepEqual(await stream.read(), bytes("three"));
  await stream.write(bytes("as text"));
  assert.deepEqual(await stream.read(), bytes("text"));
  const large = new Uint8Array(300_000).fill(7);
  assert.deepEqual(await echoed(stream, large), large);
  await stream.write(bytes("bye"));
  assert.equal(await stream.read(), null);
});

Deno.test("a WebSocket that is not there fails with its place, without its query", async () => {
  await using server = webSocketEcho();
  const config = { url: `${server.url}/nothing?token=secret` };
  await using board = await serve({ web: { type: `${P}WebsocketNetwork`, config } }, {
    web: NetworkClient,
  });
  const stream = await board.web.stream().then(
    async (stream) => {
      await using opened = stream;
      return await opened.read().then(() => undefined, (error: Error) => error);
    },
    (error: Error) => error,
  );
  assert.match(String(stream), /ws:\/\/127\.0\.0\.1:\d+\/nothing/);
  assert.doesNotMatch(String(stream), /secret/);
});

Deno.test("what is no WebSocket URL is refused before the exporter starts", async () => {
  const config = { url: "http://127.0.0.1/" };
  await assert.rejects(
    serve({ web: { type: `${P}WebsocketNetwork`, config } }),
    /config\.url: is no ws: or wss: URL/,
  );
});

Deno.test("addresses of datagrams and WebSockets can be hidden, and are shown without scheme", async () => {
  await using board = await serve({
    udp: {
      type: `${P}UdpNetwork`,
      config: { host: "192.0.2.7", port: 69, enable_address: false },
    },
    web: { type: `${P}WebsocketNetwork`, config: { url: "ws://192.0.2.7:8080/x" } },
  }, { udp: NetworkClient, web: NetworkClient });
  await assert.rejects(board.udp.address(), { code: "invalid_argument" });
  const { io, output } = testIo();
  await commands.address!.run(board.web, { host: false, port: true }, io);
  assert.equal(output(), "8080\n");
});

Deno.test("j address knows the port of a WebSocket URL that names none", async () => {
  for (
    const [url, port] of [["ws://dut/x", "80"], ["wss://dut/x?y", "443"], ["ws://dut:81", "81"]]
  ) {
    await using board = await serve({
      web: { type: `${P}WebsocketNetwork`, config: { url } },
    }, { web: NetworkClient });
    const { io, output } = testIo();
    await commands.address!.run(board.web, { host: false, port: true }, io);
    await commands.address!.run(board.web, { host: true, port: false }, io);
    assert.equal(output(), `${port}\ndut\n`);
  }
});
