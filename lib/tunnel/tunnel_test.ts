import assert from "node:assert/strict";
import { ExporterService } from "@jumpstarter/proto";
import { startRouter, withStatus } from "../../tests/support/router.ts";
import { until } from "../../tests/support/running.ts";
import { Channel } from "../rpc/channel.ts";
import { RpcServer } from "../rpc/server.ts";
import { pipe } from "../streams/pipe.ts";
import { asDuplex } from "./duplex.ts";
import { parseTarget } from "./target.ts";
import { openTunnel } from "./tunnel.ts";
import { listenForTunnels } from "./tunnel_socket.ts";

const HELLO = new TextEncoder().encode("hello");

Deno.test("parseTarget reads what gRPC's peers write", () => {
  const tcp = (hostname: string, port: number) => ({ kind: "tcp", hostname, port });
  assert.deepEqual(parseTarget("router.example.com:8083"), tcp("router.example.com", 8083));
  assert.deepEqual(parseTarget("router.example.com"), tcp("router.example.com", 443));
  assert.deepEqual(parseTarget("dns:///router:8083"), tcp("router", 8083));
  assert.deepEqual(parseTarget("[::1]:8083"), tcp("::1", 8083));
  assert.deepEqual(parseTarget("[::1]"), tcp("::1", 443));
  assert.deepEqual(parseTarget("unix:/run/s"), { kind: "unix", path: "/run/s" });
  assert.deepEqual(parseTarget("/run/s"), { kind: "unix", path: "/run/s" });
});

Deno.test("openTunnel gives both ends a byte stream with half-close", async () => {
  await using server = await startRouter();
  const [first, second] = server.tunnel("l/1");
  await first.write(HELLO);
  await first.closeWrite();
  assert.deepEqual(await second.read(), new Uint8Array(HELLO));
  assert.equal(await second.read(), null);
  await second.write(HELLO);
  await second.closeWrite();
  assert.deepEqual(await first.read(), new Uint8Array(HELLO));
  assert.equal(await first.read(), null);
  for (const end of [first, second]) await end[Symbol.asyncDispose]();
});

Deno.test("A tunnel that is closed at once after its end still delivers all of it", async () => {
  await using server = await startRouter();
  const [first, second] = server.tunnel("l/1");
  await second.closeWrite();
  assert.equal(await first.read(), null);
  const size = 3_000_000;
  await first.write(new Uint8Array(size));
  await first.closeWrite();
  const closed = first[Symbol.asyncDispose]();
  let received = 0;
  for (let chunk = await second.read(); chunk !== null; chunk = await second.read()) {
    received += chunk.length;
  }
  assert.equal(received, size);
  await second[Symbol.asyncDispose]();
  await closed;
});

Deno.test("openTunnel says what is wrong: a token, a router that is not there", async () => {
  await using server = await startRouter();
  await using refused = openTunnel(server.ticket("bad"));
  await assert.rejects(refused.read(), withStatus("UNAUTHENTICATED"));
  await assert.rejects(refused.write(HELLO), { code: "connection", message: /invalid jwt token/ });
  await using nowhere = openTunnel({ routerEndpoint: "localhost:1", routerToken: "secret" });
  await assert.rejects(nowhere.read(), (error: Error) => {
    assert.match(error.message, /^the tunnel through localhost:1 broke: /);
    return !error.message.includes("secret");
  });
});

Deno.test("openTunnel refuses a token that metadata cannot carry, and does not show it", () => {
  const ticket = { routerEndpoint: "localhost:1", routerToken: "sec\nret" };
  assert.throws(() => openTunnel(ticket), {
    code: "usage",
    message: "the router token may hold printable ASCII characters only",
  });
});

Deno.test("openTunnel ends with its signal", async () => {
  await using server = await startRouter();
  const stop = new AbortController();
  await using tunnel = openTunnel(server.ticket("l/1"), { signal: stop.signal });
  const read = assert.rejects(tunnel.read(), withStatus("CANCELLED"));
  await until("it waits", () => server.router.figures.waiting === 1);
  stop.abort();
  await read;
});

Deno.test("A writer that waits fails when the other end has gone", async () => {
  await using server = await startRouter();
  const [first, second] = server.tunnel("l/1");
  const flood = assert.rejects(async () => {
    for (;;) await first.write(new Uint8Array(65_536));
  });
  await second.read();
  await second[Symbol.asyncDispose]();
  assert.equal(await first.read(), null);
  await flood;
  await first[Symbol.asyncDispose]();
});

Deno.test("Calls go through a client's socket and a tunnel into a server on the other side", async () => {
  await using server = await startRouter();
  await using exporter = new RpcServer();
  exporter.add(ExporterService, { driverCall: ({ method }) => ({ uuid: method }) });
  let dialled = 0;
  const failures: unknown[] = [];
  await using socket = await listenForTunnels(() => {
    const ticket = server.ticket(`l/${++dialled}`);
    exporter.inject(asDuplex(openTunnel(ticket)));
    return Promise.resolve(ticket);
  }, { onError: (error) => failures.push(error) });
  await Promise.all([1, 2, 3].map(async (number) => {
    using channel = new Channel({ kind: "unix", path: socket.path });
    const method = `${number}`.repeat(100_000);
    const answer = await channel.unary(ExporterService.driverCall, { uuid: "", method, args: [] });
    assert.equal(answer.uuid, method);
  }));
  assert.equal(dialled, 3);
  // All has ended on its own: nobody holds on to a tunnel whose client has gone.
  await exporter.idle(AbortSignal.timeout(5_000));
  await until("the tunnels have ended", () => server.router.figures.tunnels === 0);
  assert.deepEqual(failures, []);
});

Deno.test("listenForTunnels closes a connection whose dial fails, and takes the next", async () => {
  const failures: unknown[] = [];
  const offline = new Error("exporter is offline");
  await using socket = await listenForTunnels(() => Promise.reject(offline), {
    onError: (error) => failures.push(error),
  });
  for (let number = 1; number <= 2; number++) {
    using connection = await Deno.connect({ transport: "unix", path: socket.path });
    assert.equal(await connection.read(new Uint8Array(1)), null);
    assert.deepEqual(failures, Array(number).fill(offline));
  }
});

Deno.test("asDuplex passes on ends and failures", async () => {
  const [near, far] = pipe();
  const duplex = asDuplex(near);
  duplex.write(HELLO);
  assert.deepEqual(new Uint8Array(await far.read() ?? []), HELLO);
  const ended = new Promise<void>((resolve) => duplex.on("end", () => resolve()));
  duplex.resume();
  await far.closeWrite();
  await ended;
  assert.equal(await far.read(), null);
  const broken = asDuplex({
    read: () => Promise.reject(new Error("it broke")),
    write: () => Promise.resolve(),
    closeWrite: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const failure = new Promise((resolve) => broken.on("error", resolve));
  broken.resume();
  assert.match(String(await failure), /it broke/);
});
