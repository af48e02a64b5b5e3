import assert from "node:assert/strict";
import { Channel } from "@jumpstarter/lib/rpc";
import { openTunnel, type TunnelTicket } from "@jumpstarter/lib/tunnel";
import { RouterService } from "@jumpstarter/proto";
import { startRouter, withStatus } from "../../tests/support/router.ts";
import { isAlive, start, until } from "../../tests/support/running.ts";
import { repoPath } from "../../tests/support/programs.ts";

const HELLO = new TextEncoder().encode("hello");
/** Milliseconds within which streams are cut, and a lost peer is told of. */
const SOON = 1_000;

/** Reads what is left: our library lets a status overtake a last frame, or not. */
async function readToEnd(messages: { read(): Promise<unknown> }): Promise<void> {
  while (await messages.read() !== null);
}

Deno.test("Router cuts the tunnels of a lease, and those that wait, within a second", async () => {
  await using server = await startRouter();
  using channel = new Channel(server.endpoint);
  const open = (id: string) =>
    channel.duplex(RouterService.stream, { metadata: { authorization: `Bearer ${id}` } }).messages;
  const [first, second, waits] = [open("l/1"), open("l/1"), open("l/2")];
  const others = server.tunnel("other/3");
  await first.write({ payload: HELLO });
  await second.read();
  await others[0].write(HELLO);
  await others[1].read();
  await until("one waits", () => server.router.figures.waiting === 1);
  const began = performance.now();
  assert.equal(server.router.cut({ leaseName: "l" }), 2);
  for (const end of [first, second, waits]) {
    await assert.rejects(readToEnd(end), { status: "UNAVAILABLE", details: "the lease has ended" });
  }
  assert.ok(performance.now() - began < SOON);
  await others[0].write(HELLO);
  assert.deepEqual(await others[1].read(), new Uint8Array(HELLO));
  assert.equal(server.router.cut({ id: "other/3" }), 1);
  for (const end of others) {
    await end.read().catch(() => null);
    await end[Symbol.asyncDispose]();
  }
});

Deno.test("Router cuts a tunnel whose reader stalls within a second", async () => {
  await using server = await startRouter();
  const [writer, stalled] = server.tunnel("l/1");
  const flood = (async () => {
    const chunk = new Uint8Array(65_536);
    for (;;) await writer.write(chunk);
  })();
  await until("bytes flow", () => server.router.figures.bytes > 1_000_000);
  const began = performance.now();
  server.router.cut({ leaseName: "l" });
  await writer.read().catch(() => null);
  await assert.rejects(flood);
  await until("the tunnel is gone", () => server.router.figures.tunnels === 0);
  assert.ok(performance.now() - began < SOON);
  for (const end of [writer, stalled]) await end[Symbol.asyncDispose]();
});

Deno.test("Router cuts within a second what waits for a slow reader of a lost end", async () => {
  await using server = await startRouter();
  const [writer, stalled] = server.tunnel("l/1");
  const flood = (async () => {
    for (const chunk = new Uint8Array(65_536);;) await writer.write(chunk);
  })();
  await until("bytes flow", () => server.router.figures.bytes > 1_000_000);
  await writer[Symbol.asyncDispose]();
  await assert.rejects(flood);
  const began = performance.now();
  assert.equal(server.router.cut({ leaseName: "l" }), 1);
  await until("the tunnel is gone", () => server.router.figures.tunnels === 0);
  assert.ok(performance.now() - began < SOON);
  await stalled[Symbol.asyncDispose]();
});

Deno.test("Router refuses a token whose lease ends while it is verified", async () => {
  const verified = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using server = await startRouter({
    checkToken: async (token) => {
      asked.resolve();
      await verified.promise;
      return { id: token, leaseName: "l", expires: Infinity };
    },
  });
  await using tunnel = openTunnel(server.ticket("1"));
  await asked.promise;
  server.router.cut({ leaseName: "l" });
  verified.resolve();
  await assert.rejects(tunnel.read(), withStatus("UNAUTHENTICATED"));
});

/** Holds one end of a tunnel in a process of its own, and says when bytes came. */
async function holdEnd(ticket: TunnelTicket): Promise<void> {
  const tunnel = openTunnel(ticket);
  while (await tunnel.read() !== null) console.log("read");
}

Deno.test("Router tells the other end at once when one is killed", async () => {
  await using server = await startRouter();
  await using program = start([
    Deno.execPath(),
    "run",
    "-A",
    `--config=${repoPath("deno.json")}`,
    import.meta.filename!,
    JSON.stringify(server.ticket("l/1")),
  ]);
  await using tunnel = openTunnel(server.ticket("l/1"));
  await tunnel.write(HELLO);
  await program.shown(/read/);
  program.kill("SIGKILL");
  const began = performance.now();
  assert.equal(await tunnel.read(), null);
  assert.ok(performance.now() - began < SOON);
  await until("it is gone", async () => !await isAlive(program.pid));
});

Deno.test("Router notices a peer that has vanished without a word", async () => {
  await using server = await startRouter({ limits: { pingTime: 100 } });
  await using program = start([
    Deno.execPath(),
    "run",
    "-A",
    `--config=${repoPath("deno.json")}`,
    import.meta.filename!,
    JSON.stringify(server.ticket("l/1")),
  ]);
  await using tunnel = openTunnel(server.ticket("l/1"));
  await tunnel.write(HELLO);
  await program.shown(/read/);
  // A stopped process keeps its socket open, and answers nothing.
  program.kill("SIGSTOP");
  assert.equal(await tunnel.read(), null);
  program.kill("SIGKILL");
});

Deno.test("Router lets tunnels end for a while when it closes, and takes no new ones", async () => {
  const server = await startRouter();
  const [first, second] = server.tunnel("l/1");
  await first.write(HELLO);
  await second.read();
  const closed = server.router.close(10_000);
  await using late = openTunnel(server.ticket("l/2"));
  await assert.rejects(late.read(), withStatus("UNAVAILABLE"));
  await second.write(HELLO);
  assert.deepEqual(await first.read(), new Uint8Array(HELLO));
  for (const end of [first, second]) await end[Symbol.asyncDispose]();
  await closed;
});

Deno.test("Router tells the ends why when it closes under them", async () => {
  const server = await startRouter();
  using channel = new Channel(server.endpoint);
  const open = () =>
    channel.duplex(RouterService.stream, { metadata: { authorization: "Bearer l/1" } }).messages;
  const [first, second] = [open(), open()];
  await first.write({ payload: HELLO });
  await second.read();
  await server.router.close();
  for (const end of [first, second]) {
    await assert.rejects(readToEnd(end), {
      status: "UNAVAILABLE",
      details: "the router shuts down",
    });
  }
});

if (import.meta.main) await holdEnd(JSON.parse(Deno.args[0]!));
