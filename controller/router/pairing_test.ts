import assert from "node:assert/strict";
import { Channel } from "@jumpstarter/lib/rpc";
import { openTunnel } from "@jumpstarter/lib/tunnel";
import { FrameType, RouterService } from "@jumpstarter/proto";
import { startRouter, withStatus } from "../../tests/support/router.ts";
import { until } from "../../tests/support/running.ts";

const HELLO = new TextEncoder().encode("hello");
const TOKEN_TIME = 1_800_000;

Deno.test("Router carries messages both ways unchanged, and ends both calls OK [controller 112]", async () => {
  await using server = await startRouter();
  using channel = new Channel(server.endpoint);
  const open = () =>
    channel.duplex(RouterService.stream, { metadata: { authorization: "bearer l/1" } }).messages;
  const ends = [open(), open()] as const;
  const frames = [
    { payload: HELLO, frameType: FrameType.DATA },
    { payload: new Uint8Array(0), frameType: FrameType.DATA },
    { payload: new Uint8Array([0, 255, 16]), frameType: FrameType.PING },
    { payload: new Uint8Array(0), frameType: FrameType.RST_STREAM },
    { payload: new Uint8Array(70_000).fill(3), frameType: 99 },
    { payload: new Uint8Array(0), frameType: FrameType.GOAWAY },
  ];
  for (const [from, to] of [ends, [ends[1], ends[0]] as const]) {
    for (const frame of frames) await from.write(frame);
    from.end();
    for (const frame of frames) assert.deepEqual(await to.read(), frame);
  }
  // A status other than OK would fail these.
  for (const end of ends) assert.equal(await end.read(), null);
});

Deno.test("Router tells the other end of a half-close that came without a frame", async () => {
  await using server = await startRouter();
  using channel = new Channel(server.endpoint);
  const open = () =>
    channel.duplex(RouterService.stream, { metadata: { authorization: "Bearer l/1" } }).messages;
  const [first, second] = [open(), open()];
  first.end();
  assert.equal((await second.read())?.frameType, FrameType.GOAWAY);
  await second.write({ payload: HELLO });
  assert.deepEqual((await first.read())?.payload, HELLO);
  second.end();
  assert.equal((await first.read())?.frameType, FrameType.GOAWAY);
  assert.deepEqual([await first.read(), await second.read()], [null, null]);
});

Deno.test("Router lets a second end wait when the first has left [controller 114]", async () => {
  await using server = await startRouter();
  const { router } = server;
  const first = openTunnel(server.ticket("l/1"));
  await until("the first waits", () => router.figures.waiting === 1);
  await first[Symbol.asyncDispose]();
  await until("the first has left", () => router.figures.waiting === 0);
  await using second = openTunnel(server.ticket("l/1"));
  await until("the second waits", () => router.figures.waiting === 1);
  await using third = openTunnel(server.ticket("l/1"));
  await third.write(HELLO);
  assert.deepEqual(await second.read(), new Uint8Array(HELLO));
});

Deno.test("Router refuses a third end, while both are there and after them", async () => {
  await using server = await startRouter();
  const ends = server.tunnel("l/1");
  await ends[0].write(HELLO);
  await ends[1].read();
  const again = async () => {
    await using third = openTunnel(server.ticket("l/1"));
    await assert.rejects(third.read(), /used up/);
  };
  await again();
  for (const end of ends) await end[Symbol.asyncDispose]();
  await again();
});

Deno.test("Router lets tunnels outlive their token, and nobody in with it [controller 117]", async () => {
  let now = 1_000_000;
  const expires = now + TOKEN_TIME;
  await using server = await startRouter({
    now: () => now,
    checkToken: (token) => ({ id: token, expires }),
  });
  const [first, second] = server.tunnel("1");
  await first.write(HELLO);
  await second.read();
  now = expires;
  await first.write(HELLO);
  assert.deepEqual(await second.read(), new Uint8Array(HELLO));
  for (const token of ["1", "2"]) {
    await using late = openTunnel(server.ticket(token));
    await assert.rejects(late.read(), withStatus("UNAUTHENTICATED"));
  }
  for (const end of [first, second]) await end[Symbol.asyncDispose]();
});

Deno.test("Router ends an end that nobody comes to meet", async () => {
  await using server = await startRouter({ limits: { pairingTime: 50 } });
  using channel = new Channel(server.endpoint);
  const call = channel.duplex(RouterService.stream, { metadata: { authorization: "Bearer l/1" } });
  await assert.rejects(async () => {
    while (await call.messages.read() !== null);
  }, {
    status: "DEADLINE_EXCEEDED",
    details: "nobody came to the other end of the tunnel within 0.05 s; dial again",
  });
  assert.equal(server.router.figures.unmet, 1);
});

Deno.test("Router bounds how many ends wait", async () => {
  await using server = await startRouter({ limits: { waiting: 1 } });
  await using _first = openTunnel(server.ticket("l/1"));
  await until("the first waits", () => server.router.figures.waiting === 1);
  await using second = openTunnel(server.ticket("l/2"));
  await assert.rejects(second.read(), withStatus("RESOURCE_EXHAUSTED"));
});
