import assert from "node:assert/strict";
import { DatagramQueue } from "./datagram_queue.ts";

Deno.test("datagrams are read as they came, one by one, and before the end", async () => {
  const queue = new DatagramQueue();
  const first = queue.read();
  queue.push(Uint8Array.of(1));
  assert.deepEqual(await first, Uint8Array.of(1));
  for (const datagram of [[2], [], [3, 4]]) queue.push(Uint8Array.from(datagram));
  queue.end();
  queue.push(Uint8Array.of(5));
  assert.deepEqual(await queue.read(), Uint8Array.of(2));
  assert.deepEqual(await queue.read(), Uint8Array.of(3, 4));
  assert.equal(await queue.read(), null);
});

Deno.test("a failure comes after what waits; closing forgets both", async () => {
  const queue = new DatagramQueue();
  queue.push(Uint8Array.of(1));
  queue.end(new Error("the network is down"));
  assert.deepEqual(await queue.read(), Uint8Array.of(1));
  await assert.rejects(queue.read(), /the network is down/);
  queue.close();
  assert.equal(await queue.read(), null);
});

Deno.test("closing ends a read that waits", async () => {
  const queue = new DatagramQueue();
  const read = queue.read();
  queue.close();
  assert.equal(await read, null);
});

Deno.test("what nobody reads is dropped beyond a bound, however small the datagrams are", async () => {
  for (const size of [1, 60_000]) {
    const queue = new DatagramQueue();
    // As a socket hands them over: a small part of a large buffer.
    const socketBuffer = new Uint8Array(65_536);
    for (let count = 0; count < 20_000; count++) queue.push(socketBuffer.subarray(0, size));
    queue.end();
    let kept = 0;
    for (let one = await queue.read(); one !== null; one = await queue.read()) {
      assert.equal(one.buffer.byteLength, size);
      kept++;
    }
    assert.ok(kept > 10 && kept * size <= 1_048_576 && kept < 10_000, `${kept} of ${size} bytes`);
    queue.push(Uint8Array.of(1));
    assert.equal(await queue.read(), null);
  }
});
