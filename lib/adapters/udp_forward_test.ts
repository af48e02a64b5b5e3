import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { ConnectionError } from "../errors.ts";
import { type ByteStream, copy, DatagramQueue, pipe } from "../streams/mod.ts";
import type { StreamSource } from "./stream_source.ts";
import { UdpForward } from "./udp_forward.ts";
import { RETRY_DELAY } from "./udp_peer.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array | null) => bytes === null ? null : new TextDecoder().decode(bytes);

/** A program's UDP socket, which sends to one port of this machine. */
interface Program extends Disposable {
  send(data: Uint8Array): Promise<void>;
  receive(): Promise<Uint8Array | null>;
}

async function program(port: number): Promise<Program> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const received = new DatagramQueue();
  socket.on("message", (datagram) => received.push(datagram));
  return {
    // One after the other: what is sent at the same time goes out in any order.
    send: (data) => new Promise((sent) => socket.send(data, port, "127.0.0.1", () => sent())),
    receive: () => received.read(),
    [Symbol.dispose]: () => void socket.close(),
  };
}

/** A driver client whose streams echo, and who counts those that are open. */
function echo(): StreamSource & { opened: number; open: Set<ByteStream>; closed(): Promise<void> } {
  const open = new Set<ByteStream>();
  let wake = () => {};
  return {
    opened: 0,
    open,
    stream(method = "connect") {
      assert.equal(method, "connect");
      this.opened++;
      const [device, stream] = pipe();
      open.add(device);
      void copy(device, device).catch(() => {}).finally(() => {
        open.delete(device);
        wake();
      });
      return Promise.resolve(stream);
    },
    /** The next stream to close. */
    closed: () => new Promise((resolve) => wake = resolve),
  };
}

Deno.test("a UDP forward gives each peer a stream, and answers each at its own port", async () => {
  const client = echo();
  await using forward = await UdpForward.listen(client);
  assert.equal(forward.hostname, "127.0.0.1");
  using first = await program(forward.port);
  using second = await program(forward.port);
  for (const word of ["one", "two"]) {
    await first.send(bytes(`first ${word}`));
    await second.send(bytes(`second ${word}`));
    assert.equal(text(await second.receive()), `second ${word}`);
    assert.equal(text(await first.receive()), `first ${word}`);
  }
  assert.equal(client.opened, 2);
});

Deno.test("a datagram may have up to 65,507 bytes; an empty one is dropped", async () => {
  const client = echo();
  await using forward = await UdpForward.listen(client);
  using sender = await program(forward.port);
  await sender.send(new Uint8Array(0));
  const large = crypto.getRandomValues(new Uint8Array(65_507));
  await sender.send(large);
  assert.deepEqual(new Uint8Array((await sender.receive())!), large);
  await sender.send(new Uint8Array(0));
  await sender.send(bytes("x"));
  assert.equal(text(await sender.receive()), "x");
});

Deno.test("a peer that is silent loses its stream, and gets another when it speaks", async () => {
  const client = echo();
  await using forward = await UdpForward.listen(client, { idleTimeout: 50 });
  using sender = await program(forward.port);
  const closed = client.closed();
  await sender.send(bytes("x"));
  assert.equal(text(await sender.receive()), "x");
  await closed;
  assert.equal(client.open.size, 0);
  await sender.send(bytes("y"));
  assert.equal(text(await sender.receive()), "y");
  assert.equal(client.opened, 2);
});

Deno.test("datagrams in either direction keep a stream open", async () => {
  const client = echo();
  await using forward = await UdpForward.listen(client, { idleTimeout: 400 });
  using sender = await program(forward.port);
  for (let count = 0; count < 12; count++) {
    await sender.send(bytes("x"));
    await sender.receive();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(client.opened, 1);
});

Deno.test("one peer too many ends the one that has been silent for longest", async () => {
  const client = echo();
  await using forward = await UdpForward.listen(client, { maxPeers: 2 });
  using first = await program(forward.port);
  using second = await program(forward.port);
  using third = await program(forward.port);
  for (const sender of [first, second, first]) {
    await sender.send(bytes("x"));
    await sender.receive();
  }
  const closed = client.closed();
  await third.send(bytes("x"));
  await third.receive();
  await closed;
  assert.equal(client.open.size, 2);
  await first.send(bytes("still here"));
  assert.equal(text(await first.receive()), "still here");
  assert.equal(client.opened, 3);
});

Deno.test("a stream that is refused is told once, and tried again after a while", async () => {
  const errors: unknown[] = [];
  const told = Promise.withResolvers<void>();
  const refused = new ConnectionError("cannot send datagrams to dut:69: connection refused");
  const client = echo();
  let isUp = false;
  await using forward = await UdpForward.listen({
    stream: () => isUp ? client.stream() : Promise.reject(refused),
  }, {
    onError(error) {
      errors.push(error);
      told.resolve();
    },
  });
  using sender = await program(forward.port);
  using other = await program(forward.port);
  await sender.send(bytes("one"));
  await told.promise;
  for (const word of ["two", "three"]) await sender.send(bytes(word));
  isUp = true;
  await other.send(bytes("others go on"));
  assert.equal(text(await other.receive()), "others go on");
  assert.deepEqual(errors, [refused]);
  await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY + 50));
  await sender.send(bytes("four"));
  assert.equal(text(await sender.receive()), "four");
});

Deno.test("where the device ends its stream, the next datagram opens another", async () => {
  let opened = 0;
  const closed = Promise.withResolvers<void>();
  await using forward = await UdpForward.listen({
    stream() {
      opened++;
      const [device, stream] = pipe();
      void (async () => {
        await device.write(await device.read() ?? bytes("nothing"));
        await device.closeWrite();
        assert.equal(await device.read(), null);
        closed.resolve();
      })();
      return Promise.resolve(stream);
    },
  });
  using sender = await program(forward.port);
  await sender.send(bytes("one"));
  assert.equal(text(await sender.receive()), "one");
  await closed.promise;
  await sender.send(bytes("two"));
  assert.equal(text(await sender.receive()), "two");
  assert.equal(opened, 2);
});

Deno.test("a device that floods is held up by nobody; a peer that floods loses datagrams only", async () => {
  const opened = Promise.withResolvers<ByteStream>();
  await using forward = await UdpForward.listen({
    stream() {
      const [far, stream] = pipe();
      opened.resolve(far);
      return Promise.resolve(stream);
    },
  });
  using sender = await program(forward.port);
  // The device does not read: what is beyond the bound is dropped, and the forward goes on.
  for (let count = 0; count < 100; count++) {
    await sender.send(new Uint8Array(60_000).fill(count + 1));
  }
  const device = await opened.promise;
  const first = await device.read();
  assert.equal(first?.length, 60_000);
  assert.equal(first[0], 1);
  await device.write(bytes("answer"));
  assert.equal(text(await sender.receive()), "answer");
});

Deno.test("disposing a UDP forward, or its signal, closes its port and its streams", async () => {
  for (const how of ["dispose", "signal"]) {
    const client = echo();
    const aborter = new AbortController();
    const forward = await UdpForward.listen(client, { signal: aborter.signal });
    using sender = await program(forward.port);
    await sender.send(bytes("x"));
    await sender.receive();
    if (how === "signal") aborter.abort();
    else await forward[Symbol.asyncDispose]();
    await forward.done;
    assert.equal(client.open.size, 0);
    await using again = await UdpForward.listen(client, { port: forward.port });
    assert.equal(again.port, forward.port);
  }
});

Deno.test("a UDP port that is taken is an error that says so", async () => {
  await using forward = await UdpForward.listen(echo());
  await assert.rejects(
    UdpForward.listen(echo(), { port: forward.port }),
    { code: "connection", message: /cannot listen on 127\.0\.0\.1:\d+: the port is taken/ },
  );
});
