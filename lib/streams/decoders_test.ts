import assert from "node:assert/strict";
import { CONTENT_ENCODINGS } from "../driver/resource.ts";
import { CHUNK_SIZE, concat } from "./byte_stream.ts";
import { decoders } from "./decoders.ts";
import { encoders } from "./encoders.ts";

/** Neither the same all over nor without any order. */
const data = crypto.getRandomValues(new Uint8Array(60_000)).map((byte) => byte & 31);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1_000) {
    await Promise.resolve();
    yield bytes.subarray(start, start + 1_000);
  }
}

for (const encoding of CONTENT_ENCODINGS) {
  const archive = Array.fromAsync(encoders[encoding](inPieces(data))).then(concat);
  const decoded = async (bytes: Uint8Array) =>
    concat(await Array.fromAsync(decoders[encoding](inPieces(bytes))));

  Deno.test(`a ${encoding} archive that is cut off anywhere is an error`, async () => {
    const whole = await archive;
    for (const size of [0, 1, 5, 20, whole.length >> 1, -20, -9, -4, -1]) {
      await assert.rejects(decoded(whole.subarray(0, size)), `cut at ${size}`);
    }
  });

  Deno.test(`a ${encoding} archive with garbage in it is an error`, async () => {
    const whole = await archive;
    for (const part of [1, 2, 3]) {
      const place = whole.length * part >> 2;
      const flipped = whole.slice();
      flipped[place]! ^= 0x55;
      await assert.rejects(decoded(flipped), `one byte at ${place}`);
      crypto.getRandomValues(flipped.subarray(place, place + 2_000));
      await assert.rejects(decoded(flipped), `garbage at ${place}`);
    }
  });

  Deno.test(`a ${encoding} archive with garbage after it is an error`, async () => {
    const whole = await archive;
    for (const size of [1, 30, 5_000]) {
      const garbage = new Uint8Array(size).fill(7);
      await assert.rejects(decoded(concat([whole, garbage])), `${size} bytes`);
    }
  });

  Deno.test(`two ${encoding} archives in a row are one`, async () => {
    const whole = await archive;
    assert.deepEqual(await decoded(concat([whole, whole])), concat([data, data]));
  });
}

Deno.test("a part of a zstd archive that is no data is left out", async () => {
  const whole = concat(await Array.fromAsync(encoders.zstd(inPieces(data))));
  const note = new Uint8Array([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const parts = await Array.fromAsync(decoders.zstd(inPieces(concat([note, whole, note]))));
  assert.deepEqual(concat(parts), data);
});

Deno.test("a bz2 archive of zeros is unpacked block by block, though it comes at once", async () => {
  const part = 50_000_000;
  const zeros = async function* () {
    for (let made = 0; made < part; made += 1_000_000) yield new Uint8Array(1_000_000);
  };
  const whole = concat(await Array.fromAsync(encoders.bz2(zeros())));
  assert.ok(whole.length < 500, `${whole.length} bytes`);
  const corrupt = whole.with(4, 7);
  let total = 0;
  let largest = 0;
  const unpacking = (async () => {
    for await (const piece of decoders.bz2(inPieces(concat([whole, whole, corrupt])))) {
      largest = Math.max(largest, piece.length);
      total += piece.length;
    }
  })();
  // What is before the fault is given out before the fault is met.
  await assert.rejects(unpacking);
  assert.equal(total, 2 * part);
  assert.ok(largest <= CHUNK_SIZE, `a piece of ${largest} bytes`);
});
