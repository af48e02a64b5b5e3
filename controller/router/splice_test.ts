import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { WINDOW_SIZE } from "@jumpstarter/lib/rpc";
import type { ByteStream } from "@jumpstarter/lib/streams";
import { openTunnel } from "@jumpstarter/lib/tunnel";
import { selfSigned } from "../../tests/support/certificate.ts";
import { tempDir } from "../../tests/support/programs.ts";
import { startRouter } from "../../tests/support/router.ts";
import { until } from "../../tests/support/running.ts";

const MIB = 1_048_576;

/** Sends bytes that cannot be guessed, and ends the direction; their hash. */
async function sendRandom(to: ByteStream, size: number): Promise<string> {
  const hash = createHash("sha256");
  const block = randomBytes(1_000_003);
  for (let sent = 0; sent < size;) {
    const chunk = block.subarray(0, Math.min(size - sent, 1 + (sent * 7919) % block.length));
    hash.update(chunk);
    await to.write(chunk);
    sent += chunk.length;
  }
  await to.closeWrite();
  return hash.digest("hex");
}

async function hashOf(from: ByteStream): Promise<[size: number, hash: string]> {
  const hash = createHash("sha256");
  let size = 0;
  for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
    hash.update(chunk);
    size += chunk.length;
  }
  return [size, hash.digest("hex")];
}

Deno.test("Router carries 100 MB each way at once, in TLS, and not a bit of it is lost", async () => {
  await using dir = await tempDir();
  const files = await selfSigned(dir.path);
  const tls = {
    cert: await Deno.readTextFile(files.cert),
    key: await Deno.readTextFile(files.key),
  };
  await using server = await startRouter({ tls });
  const size = 100_000_000;
  const [first, second] = server.tunnel("l/1", { tls: { ca: tls.cert } });
  const [forth, back, atSecond, atFirst] = await Promise.all([
    sendRandom(first, size),
    sendRandom(second, size),
    hashOf(second),
    hashOf(first),
  ]);
  assert.deepEqual([atSecond, atFirst], [[size, forth], [size, back]]);
  for (const end of [first, second]) await end[Symbol.asyncDispose]();
  await until("the tunnel has ended", () => server.router.figures.tunnels === 0);
});

Deno.test("Router keeps 100 tunnels at once apart [controller 115]", async () => {
  await using server = await startRouter();
  await Promise.all(Array.from({ length: 100 }, async (_, number) => {
    const [first, second] = server.tunnel(`l/${number}`);
    const [forth, back, atSecond, atFirst] = await Promise.all([
      sendRandom(first, 50_000 + number),
      sendRandom(second, 70_000 + number),
      hashOf(second),
      hashOf(first),
    ]);
    assert.deepEqual(atSecond, [50_000 + number, forth]);
    assert.deepEqual(atFirst, [70_000 + number, back]);
    for (const end of [first, second]) await end[Symbol.asyncDispose]();
  }));
  assert.equal(server.router.figures.joined, 100);
});

Deno.test("Router slows a sender down whose reader stalls [controller 116]", async () => {
  await using server = await startRouter();
  const [writer, stalled] = server.tunnel("l/1");
  let sent = 0;
  let hasFailed = false;
  const flood = (async () => {
    for (const chunk = new Uint8Array(65_536);; sent += chunk.length) await writer.write(chunk);
  })().catch(() => hasFailed = true);
  // What both flow-control windows and the buffers around them hold, and no more.
  let before = -1;
  await until("the sender stands still", async () => {
    const isStill = sent === before && sent > 0;
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return isStill && sent === before;
  });
  assert.ok(server.router.figures.bytes <= WINDOW_SIZE + MIB, "the router takes what nobody reads");
  assert.ok(sent <= 3 * WINDOW_SIZE, "the sender is not held back");
  // It goes on where it was.
  const resumed = sent;
  while (sent < resumed + 4 * WINDOW_SIZE) assert.ok(await stalled.read());
  await writer[Symbol.asyncDispose]();
  await stalled[Symbol.asyncDispose]();
  await flood;
  assert.ok(hasFailed);
});

Deno.test("Router shows a new certificate to new connections, the old ones go on", async () => {
  await using dir = await tempDir();
  const identity = async (name: string) => {
    const files = await selfSigned(dir.path, name);
    return {
      cert: await Deno.readTextFile(files.cert),
      key: await Deno.readTextFile(files.key),
    };
  };
  const [old, young] = [await identity("old"), await identity("young")];
  await using server = await startRouter({ tls: old });
  const ends = server.tunnel("l/1", { tls: { ca: old.cert } });
  await ends[0].write(new Uint8Array(1));
  await ends[1].read();
  server.router.useIdentity(young);
  await using doubting = openTunnel(server.ticket("l/2"), { tls: { ca: old.cert } });
  await assert.rejects(doubting.read());
  const others = server.tunnel("l/3", { tls: { ca: young.cert } });
  for (const [first, second] of [ends, others]) {
    await first.write(new Uint8Array(3));
    assert.equal((await second.read())?.length, 3);
  }
  for (const end of [...ends, ...others]) await end[Symbol.asyncDispose]();
});
