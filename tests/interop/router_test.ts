/** The Python peer's tunnels through our router, with ends of both kinds. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import http2 from "node:http2";
import { deferDestroy } from "@jumpstarter/lib/rpc";
import { openTunnel } from "@jumpstarter/lib/tunnel";
import type { RouterLimits } from "../../controller/router/mod.ts";
import { selfSigned } from "../support/certificate.ts";
import { repoPath, tempDir } from "../support/programs.ts";
import { startRouter, type TestRouter } from "../support/router.ts";
import { type Running, start } from "../support/running.ts";
import { peer } from "./peer.ts";

/** Milliseconds within which an end has to know that the other is gone. */
const SOON = 1_500;
const SIZE = 20_000_000;

interface Bench extends AsyncDisposable {
  readonly server: TestRouter;
  readonly tls: { ca: string };
  /** Starts the peer's end of the tunnel with an id. */
  python(id: string, ...job: string[]): Running;
}

async function openBench(limits: Partial<RouterLimits> = {}): Promise<Bench> {
  const { python } = await peer();
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await tempDir());
  const files = await selfSigned(path);
  const [cert, key] = [await Deno.readTextFile(files.cert), await Deno.readTextFile(files.key)];
  const server = stack.use(await startRouter({ tls: { cert, key }, limits }));
  const held = stack.move();
  const script = repoPath("tests/interop/router_end.py");
  return {
    server,
    tls: { ca: cert },
    python(id, ...job) {
      const { routerEndpoint } = server.ticket(id);
      return held.use(start([python, script, routerEndpoint, id, files.cert, ...job]));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

Deno.test("Two Python ends exchange bytes through the router", async () => {
  await using bench = await openBench();
  const ends = [1, 2].map(() => bench.python("l/1", "send", `${SIZE}`));
  const [first, second] = await Promise.all(ends.map(async (end) => {
    const [, sent, size, received] = await end.shown(/sent (\w+) received (\d+) (\w+)/);
    assert.equal(size, `${SIZE}`);
    return { sent, received };
  }));
  assert.deepEqual([first?.received, second?.received], [second?.sent, first?.sent]);
  for (const end of ends) assert.equal((await end.finished).status, 0, end.stderr);
});

Deno.test("A Python end and ours exchange bytes, and half-close", async () => {
  await using bench = await openBench();
  const end = bench.python("l/1", "echo");
  await using tunnel = openTunnel(bench.server.ticket("l/1"), { tls: bench.tls });
  const [sent, received] = [createHash("sha256"), createHash("sha256")];
  const sending = (async () => {
    const chunk = new Uint8Array(100_000);
    for (let size = 0; size < SIZE; size += chunk.length) {
      crypto.getRandomValues(chunk.subarray(0, 65_536));
      sent.update(chunk);
      await tunnel.write(chunk.slice());
    }
    await tunnel.closeWrite();
  })();
  for (let chunk = await tunnel.read(); chunk !== null; chunk = await tunnel.read()) {
    received.update(chunk);
  }
  await sending;
  assert.equal(received.digest("hex"), sent.digest("hex"));
  assert.equal((await end.finished).status, 0, end.stderr);
});

Deno.test("A Python end learns at once that ours has gone, and ours that it was killed", async () => {
  await using bench = await openBench();
  const survivor = bench.python("l/1", "hold");
  const ours = openTunnel(bench.server.ticket("l/1"), { tls: bench.tls });
  await ours.read();
  let began = performance.now();
  await ours[Symbol.asyncDispose]();
  await survivor.shown(/^end$/m);
  assert.ok(performance.now() - began < SOON);
  const victim = bench.python("l/2", "hold");
  await using left = openTunnel(bench.server.ticket("l/2"), { tls: bench.tls });
  await left.read();
  began = performance.now();
  victim.kill("SIGKILL");
  assert.equal(await left.read(), null);
  assert.ok(performance.now() - began < SOON);
});

Deno.test("A Python end learns of a peer that vanished in the middle of a message", async () => {
  await using bench = await openBench();
  const end = bench.python("l/1", "hold");
  const session = http2.connect(`https://localhost:${bench.server.endpoint.port}`, bench.tls);
  deferDestroy(session);
  const closed = new Promise<void>((resolve) => session.on("close", () => resolve()));
  const stream = session.request({
    ":method": "POST",
    ":path": "/jumpstarter.v1.RouterService/Stream",
    "content-type": "application/grpc",
    authorization: "Bearer l/1",
  });
  stream.on("error", () => {});
  await new Promise((resolve) => stream.once("data", resolve));
  // A message of three bytes, and the beginning of one of 32.
  stream.write(Buffer.from("00000000050a0361626300000000200a1e61", "hex"));
  await end.shown(/^read 3$/m);
  const began = performance.now();
  session.destroy();
  await closed;
  await end.shown(/^end$/m);
  assert.ok(performance.now() - began < SOON);
  assert.doesNotMatch(end.stdout, /^read (?!3$)/m);
});

Deno.test("A Python end is told of a bad token, of a cut, and that nobody comes", async () => {
  await using bench = await openBench({ pairingTime: 3_000 });
  const refused = bench.python("bad", "hold");
  const alone = bench.python("l/1", "hold");
  const cut = bench.python("other/2", "hold");
  await using ours = openTunnel(bench.server.ticket("other/2"), { tls: bench.tls });
  await ours.read();
  const began = performance.now();
  assert.equal(bench.server.router.cut({ leaseName: "other" }), 1);
  await cut.shown(/^end$/m);
  assert.ok(performance.now() - began < SOON);
  await alone.shown(/^end$/m);
  await refused.shown(/stream copy interrupted|invalid jwt token/);
});
