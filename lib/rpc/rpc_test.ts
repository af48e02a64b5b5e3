import assert from "node:assert/strict";
import * as net from "node:net";
import { Duplex } from "node:stream";
import { ExporterService, RouterService } from "@jumpstarter/proto";
import { InvalidArgumentError } from "../errors.ts";
import { Channel } from "./channel.ts";
import type { Endpoint } from "./endpoint.ts";
import { RpcServer } from "./server.ts";
import { RpcError } from "./status.ts";

/** Settles when the test has what was sent: grpc-js lets an error overtake messages on their way. */
let received = Promise.withResolvers<void>();

function echoServer(): RpcServer {
  const server = new RpcServer();
  server.add(ExporterService, {
    driverCall: ({ method }) => {
      if (method === "bad") throw new InvalidArgumentError("bad input");
      return { uuid: method };
    },
    async *streamingDriverCall({ method }) {
      for (const letter of method) yield await Promise.resolve({ uuid: letter });
      await received.promise;
      throw new RpcError("ABORTED", "enough");
    },
    getStatus: (_, call) => new Promise((resolve) => call.signal.onabort = () => resolve({})),
  });
  server.add(RouterService, {
    async stream(messages, call) {
      call.sendHeaders({ resource: call.header("request") ?? "none" });
      for (let frame = await messages.read(); frame; frame = await messages.read()) {
        await messages.write(frame);
      }
    },
  });
  return server;
}

async function withServer(
  endpoint: Endpoint,
  test: (channel: Channel) => Promise<void>,
): Promise<void> {
  await using server = echoServer();
  using channel = new Channel(await server.listen(endpoint));
  await test(channel);
}

const call = { uuid: "", args: [] };
const loopback = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;

Deno.test("Channel and RpcServer talk over TCP and over a Unix socket", async () => {
  const dir = await Deno.makeTempDir();
  for (const endpoint of [loopback, { kind: "unix", path: `${dir}/socket` } as const]) {
    await withServer(endpoint, async (channel) => {
      const answer = await channel.unary(ExporterService.driverCall, { ...call, method: "on" });
      assert.equal(answer.uuid, "on");
    });
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("Channel gives an error's status and text, and UNIMPLEMENTED without a handler", async () => {
  await withServer(loopback, async (channel) => {
    await assert.rejects(channel.unary(ExporterService.driverCall, { ...call, method: "bad" }), {
      status: "INVALID_ARGUMENT",
      details: "bad input",
    });
    await assert.rejects(channel.unary(ExporterService.reset, {}), { status: "UNIMPLEMENTED" });
  });
});

Deno.test("Channel yields the items of a stream before its error", async () => {
  await withServer(loopback, async (channel) => {
    const letters: string[] = [];
    received = Promise.withResolvers();
    await assert.rejects(async () => {
      const items = channel.serverStream(ExporterService.streamingDriverCall, {
        ...call,
        method: "abc",
      });
      for await (const { uuid } of items) {
        if (letters.push(uuid) === 3) received.resolve();
      }
    }, { status: "ABORTED", details: "enough" });
    assert.deepEqual(letters, ["a", "b", "c"]);
  });
});

Deno.test("Channel ends a call by its time-out and by its signal", async () => {
  await withServer(loopback, async (channel) => {
    await assert.rejects(channel.unary(ExporterService.getStatus, {}, { timeout: 20 }), {
      status: "DEADLINE_EXCEEDED",
    });
    const signal = AbortSignal.abort();
    await assert.rejects(channel.unary(ExporterService.getStatus, {}, { signal }), {
      status: "CANCELLED",
    });
  });
});

Deno.test("Channel fails with UNAVAILABLE where nobody listens", async () => {
  using channel = new Channel({ kind: "unix", path: "/nonexistent/socket" });
  await assert.rejects(channel.unary(ExporterService.getStatus, {}), { status: "UNAVAILABLE" });
});

Deno.test("Channel carries a stream both ways, headers first", async () => {
  await withServer(loopback, async (channel) => {
    const stream = channel.duplex(RouterService.stream, { metadata: { request: "hello" } });
    assert.equal((await stream.metadata).resource, "hello");
    const payload = crypto.getRandomValues(new Uint8Array(1000));
    await stream.messages.write({ payload });
    assert.deepEqual((await stream.messages.read())?.payload, payload);
    stream.messages.end();
    assert.equal(await stream.messages.read(), null);
  });
});

Deno.test("RpcServer serves a connection that is injected as any duplex stream", async () => {
  await using server = echoServer();
  // A listener that hands its sockets over as bare streams stands for a tunnel.
  const tunnel = net.createServer((socket) => {
    const stream = new Duplex({
      read() {},
      write: (chunk, _encoding, done) => void socket.write(chunk, () => done()),
      final: (done) => void socket.end(() => done()),
    });
    socket.on("data", (chunk) => stream.push(chunk));
    socket.on("end", () => stream.push(null));
    server.inject(stream);
  });
  await new Promise<void>((resolve) => tunnel.listen(0, "127.0.0.1", resolve));
  const { port } = tunnel.address() as net.AddressInfo;
  {
    using channel = new Channel({ ...loopback, port });
    const answer = await channel.unary(ExporterService.driverCall, { ...call, method: "on" });
    assert.equal(answer.uuid, "on");
  }
  await new Promise<void>((resolve) => tunnel.close(() => resolve()));
});

/** A certificate for localhost that signs itself, and its key, PEM. */
async function selfSigned(dir: string): Promise<{ cert: string; key: string }> {
  const { success } = await new Deno.Command("openssl", {
    args: [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1".split(" "),
      ..."-subj /CN=localhost -addext subjectAltName=DNS:localhost".split(" "),
      ...["-keyout", `${dir}/key.pem`, "-out", `${dir}/cert.pem`],
    ],
    stderr: "null",
  }).output();
  assert.ok(success, "openssl cannot make a certificate");
  const read = (name: string) => Deno.readTextFile(`${dir}/${name}.pem`);
  return { cert: await read("cert"), key: await read("key") };
}

Deno.test("RpcServer closes though somebody is connected who has not shaken hands", async () => {
  const dir = await Deno.makeTempDir();
  const server = echoServer();
  const endpoint = await server.listen(loopback, { tls: await selfSigned(dir) });
  using stranger = await Deno.connect({ port: (endpoint as { port: number }).port });
  await stranger.write(new Uint8Array(1));
  await server.close();
  const end = await stranger.read(new Uint8Array(1)).catch(() => null);
  assert.equal(end, null);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("RpcServer speaks TLS, and Channel refuses a server that it does not trust", async () => {
  const dir = await Deno.makeTempDir();
  const tls = await selfSigned(dir);
  await using server = echoServer();
  const endpoint = await server.listen({ ...loopback, hostname: "localhost" }, { tls });
  {
    using trusting = new Channel(endpoint, { tls: { ca: tls.cert } });
    const answer = await trusting.unary(ExporterService.driverCall, { ...call, method: "on" });
    assert.equal(answer.uuid, "on");
  }
  {
    using doubting = new Channel(endpoint, { tls: {} });
    await assert.rejects(doubting.unary(ExporterService.driverCall, { ...call, method: "on" }), {
      status: "UNAVAILABLE",
    });
  }
  await Deno.remove(dir, { recursive: true });
});
