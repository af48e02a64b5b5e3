import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import type { NetworkClient } from "@jumpstarter/drivers/clients";
import { type ByteStream, fromConnection } from "@jumpstarter/lib/streams";
import { jmpCommand } from "../../support/programs.ts";
import { start } from "../../support/running.ts";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, given, random, receive, receiveEnd, text } from "./board.ts";

/** Opens a stream of a driver that leads to this script; gives both ends to a dialogue. */
async function withServer(
  client: NetworkClient,
  dialogue: (near: ByteStream, far: ByteStream) => Promise<void>,
): Promise<void> {
  await withListener(async (listener) => {
    const accepting = listener.accept();
    await using near = await client.stream();
    await using far = fromConnection(await accepting);
    await dialogue(near, far);
  });
}

async function withListener(use: (listener: Deno.UnixListener) => Promise<void>): Promise<void> {
  const path = given("SOCKET");
  using listener = Deno.listen({ transport: "unix", path });
  try {
    await use(listener);
  } finally {
    await Deno.remove(path);
  }
}

/** Two programs at once, each of which gets back what it sends. */
async function throughDatagrams(port: number): Promise<void> {
  await Promise.all([1, 2].map(async () => {
    const socket = createSocket("udp4");
    try {
      for (const datagram of [random(1), random(1_000), random(65_507)]) {
        const answer = new Promise<Uint8Array>((resolve) => socket.once("message", resolve));
        socket.send(datagram, port, "127.0.0.1");
        assert.deepEqual(new Uint8Array(await answer), datagram);
      }
    } finally {
      socket.close();
    }
  }));
}

const bothWays = (client: NetworkClient) =>
  withServer(client, async (near, far) => {
    await near.write(bytes("from the client"));
    assert.equal(text(await receive(far, 15)), "from the client");
    await far.write(bytes("from the server"));
    assert.equal(text(await receive(near, 15)), "from the server");
  });

const clientEndsFirst = (client: NetworkClient) =>
  withServer(client, (near, far) => endsFirst(near, far));

const serverEndsFirst = (client: NetworkClient) =>
  withServer(client, (near, far) => endsFirst(far, near));

async function endsFirst(first: ByteStream, second: ByteStream): Promise<void> {
  await first.write(bytes("last words"));
  await first.closeWrite();
  assert.equal(text(await receiveEnd(second)), "last words");
  await second.write(bytes("still here"));
  await second.closeWrite();
  assert.equal(text(await receiveEnd(first)), "still here");
}

async function throughForwards(client: NetworkClient): Promise<void> {
  {
    await using forward = await client.portForward();
    await through(await Deno.connect({ hostname: forward.hostname, port: forward.port }));
  }
  await using forward = await client.unixForward();
  await through(await Deno.connect({ transport: "unix", path: forward.path }));
}

async function through(connection: Deno.Conn): Promise<void> {
  await using near = fromConnection(connection);
  const data = random(1_000_000);
  const sending = (async () => {
    await near.write(data);
    await near.closeWrite();
  })();
  assert.deepEqual(await receiveEnd(near), data);
  await sending;
}

export const checks: Record<(typeof all)["network"][number], Check> = {
  "tcp carries bytes both ways": ({ relay }) => bothWays(relay),
  "tcp carries on after the client has ended its side": ({ relay }) => clientEndsFirst(relay),
  "tcp carries on after the server has ended its side": ({ relay }) => serverEndsFirst(relay),
  async "tcp gives each stream a connection of its own"({ tcp }) {
    await using first = await tcp.stream();
    await using second = await tcp.stream();
    await first.write(bytes("one"));
    await second.write(bytes("two"));
    assert.equal(text(await receive(second, 3)), "two");
    assert.equal(text(await receive(first, 3)), "one");
  },
  "tcp is forwarded to a TCP port and to a Unix socket": ({ tcp }) => throughForwards(tcp),
  async "tcp tells its address, unless that is hidden"({ tcp, hidden }) {
    assert.match(await tcp.address(), /^tcp:\/\/127\.0\.0\.1:\d+$/);
    await assert.rejects(hidden.address(), { code: "invalid_argument", message: /enable_address/ });
  },
  "unix carries bytes both ways": ({ own }) => bothWays(own),
  "unix carries on after the client has ended its side": ({ own }) => clientEndsFirst(own),
  "unix carries on after the server has ended its side": ({ own }) => serverEndsFirst(own),
  "unix is forwarded to a TCP port and to a Unix socket": ({ unix }) => throughForwards(unix),
  async "unix has no address"({ unix }) {
    await assert.rejects(unix.address(), { code: "not_implemented" });
  },
  async "echo gives back each chunk as it came, and then the end"({ echo }) {
    await using stream = await echo.stream();
    const chunks = [bytes("a"), bytes("bc"), random(60_000)];
    for (const chunk of chunks) await stream.write(chunk);
    for (const chunk of chunks) assert.deepEqual(new Uint8Array((await stream.read())!), chunk);
    await stream.closeWrite();
    assert.equal(await stream.read(), null);
  },
  "echo is forwarded to a TCP port and to a Unix socket": ({ echo }) => throughForwards(echo),
  "dbus carries bytes both ways": ({ dbus }) => bothWays(dbus),
  async "dbus tells its kind, and becomes the bus of the environment"({ dbus }) {
    const name = "DBUS_SYSTEM_BUS_ADDRESS";
    const before = Deno.env.get(name);
    assert.equal(dbus.kind, "system");
    await withListener(async (listener) => {
      await using forward = await dbus.busForward();
      assert.equal(Deno.env.get(name), forward.address);
      const [, port] = /^tcp:host=127\.0\.0\.1,port=(\d+)$/.exec(forward.address)!;
      await using near = fromConnection(await Deno.connect({ port: Number(port) }));
      await near.write(bytes("\0AUTH EXTERNAL 30\r\n"));
      await using far = fromConnection(await listener.accept());
      assert.equal(text(await receive(far, 19)), "\0AUTH EXTERNAL 30\r\n");
      await far.write(bytes("OK 1234\r\n"));
      assert.equal(text(await receive(near, 9)), "OK 1234\r\n");
    });
    assert.equal(Deno.env.get(name), before);
  },
  async "udp carries the datagrams of two programs at once, the largest ones too"({ udp }) {
    {
      await using forward = await udp.udpForward();
      await throughDatagrams(forward.port);
    }
    await using j = start(jmpCommand("j", "udp", "forward-udp", "0"));
    const [, port] = await j.shown(/^127\.0\.0\.1:(\d+)$/m);
    await throughDatagrams(Number(port));
  },
  async "websocket is forwarded to a TCP port"({ websocket }) {
    await using forward = await websocket.portForward();
    await using near = fromConnection(await Deno.connect({ port: forward.port }));
    for (const message of [bytes("one"), random(60_000)]) {
      await near.write(message);
      assert.deepEqual(await receive(near, message.length), message);
    }
  },
  async "a stream to where nobody listens fails, and the session goes on"({ dead, tcp }) {
    const opening = (async () => {
      await using stream = await dead.stream();
      await stream.read();
    })();
    await assert.rejects(opening, /connect/);
    await tcp.address();
  },
};
