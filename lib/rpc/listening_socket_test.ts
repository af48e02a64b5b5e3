import assert from "node:assert/strict";
import * as net from "node:net";
import { until } from "../../tests/support/running.ts";
import { Channel } from "./channel.ts";
import type { TcpEndpoint } from "./endpoint.ts";
import { isTrial, ListeningSocket } from "./listening_socket.ts";
import { RpcServer } from "./server.ts";

const ANY: TcpEndpoint = { kind: "tcp", hostname: "127.0.0.1", port: 0 };

/** Connects, and sees whether it is taken. */
async function isTaken({ hostname, port }: TcpEndpoint): Promise<boolean> {
  try {
    using connection = await Deno.connect({ hostname, port });
    return await connection.read(new Uint8Array(1)) === 1;
  } catch {
    return false;
  }
}

const greeter = () =>
  net.createServer((socket) => {
    socket.on("error", () => {}); // some are gone by now
    socket.end("!");
  });

Deno.test("an address that cannot be had is named, with the reason", async () => {
  const first = await ListeningSocket.open(greeter(), ANY);
  const { port } = first.endpoint;
  const faults: [TcpEndpoint, RegExp][] = [
    [
      first.endpoint,
      new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: the address is in use; `),
    ],
    [{ ...ANY, hostname: "192.0.2.1" }, /^cannot listen on 192\.0\.2\.1:0: .* no such address$/],
  ];
  for (const [endpoint, message] of faults) {
    await assert.rejects(ListeningSocket.open(greeter(), endpoint), { code: "listen", message });
  }
  await first.close();
});

Deno.test("a socket that is quiet is tried, again and again, and stays what it is", async () => {
  const server = greeter();
  let trials = 0;
  server.on("connection", (socket: net.Socket) => isTrial(socket) && trials++);
  let opened = 0;
  server.on("listening", () => opened++);
  const socket = await ListeningSocket.open(server, ANY, 20);
  await until("it was tried three times", () => trials === 3);
  assert.equal(opened, 1);
  assert.ok(await isTaken(socket.endpoint));
  await socket.close();
  assert.ok(!await isTaken(socket.endpoint));
});

Deno.test("a socket that takes nobody is opened anew, and connections stay", async () => {
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  const socket = await ListeningSocket.open(server, ANY, 20);
  const { hostname, port } = socket.endpoint;
  using before = await Deno.connect({ hostname, port });
  const echoes = async (connection: Deno.Conn) => {
    await connection.write(new Uint8Array([7]));
    return await connection.read(new Uint8Array(1));
  };
  assert.equal(await echoes(before), 1);
  server.close(); // as good as deaf
  await until("it takes connections again", async () => {
    try {
      using connection = await Deno.connect({ hostname, port });
      return await echoes(connection) === 1;
    } catch {
      return false;
    }
  });
  assert.equal(await echoes(before), 1);
  before.close();
  await socket.close();
});

Deno.test("a trial is no client", async () => {
  let idle = 0;
  await using server = new RpcServer({ onIdle: () => idle++ });
  const endpoint = await server.listen(ANY);
  assert.ok(endpoint.kind === "tcp");
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const trial = net.connect({ port: endpoint.port, localAddress: "127.74.77.80" });
  trial.on("connect", () => trial.destroy());
  trial.on("close", () => resolve());
  await closed;
  using channel = new Channel(endpoint);
  await assert.rejects(
    channel.unary({
      path: "/a/b",
      requestStream: false,
      responseStream: false,
      request: { typeName: "x", encode: () => new Uint8Array(), decode: () => ({}) },
      response: { typeName: "x", encode: () => new Uint8Array(), decode: () => ({}) },
    }, {}),
    { status: "UNIMPLEMENTED" },
  );
  assert.equal(idle, 0);
});
