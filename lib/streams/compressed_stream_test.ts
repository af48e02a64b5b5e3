import assert from "node:assert/strict";
import * as zlib from "node:zlib";
import { type ByteStream, concat, readAll } from "./byte_stream.ts";
import { compressed, SUPPORTED_ENCODINGS } from "./compressed_stream.ts";
import { pipe } from "./pipe.ts";

const data = new Uint8Array(1_000_000).map((_, index) => (index * 7919) >> 6);
const packed = { gzip: zlib.gzipSync(data) };
const unpack = { gzip: zlib.gunzipSync };

async function send(stream: ByteStream, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length; start += 1_000) {
    await stream.write(bytes.subarray(start, start + 1_000));
  }
  await stream.closeWrite();
}

for (const encoding of SUPPORTED_ENCODINGS) {
  Deno.test(`compressed() reads ${encoding}, cut anywhere`, async () => {
    const [near, far] = pipe();
    const sending = send(far, packed[encoding]);
    await using stream = compressed(near, encoding);
    assert.deepEqual(concat(await Array.fromAsync(readAll(stream))), data);
    await sending;
  });

  Deno.test(`compressed() writes ${encoding} whose end is not missing`, async () => {
    const [near, far] = pipe();
    const receiving = Array.fromAsync(readAll(far));
    {
      await using stream = compressed(near, encoding);
      await stream.write(data);
    }
    assert.deepEqual(new Uint8Array(unpack[encoding](concat(await receiving))), data);
  });

  Deno.test(`compressed() names ${encoding} data that is cut off or corrupt`, async () => {
    const half = packed[encoding].subarray(0, 5_000);
    for (const bytes of [half, new TextEncoder().encode("this is no archive at all, is it")]) {
      const [near, far] = pipe();
      const sending = send(far, bytes).catch(() => {}); // nobody reads on after the error
      const stream = compressed(near, encoding);
      await assert.rejects(Array.fromAsync(readAll(stream)), /data is corrupt, or not/);
      await near[Symbol.asyncDispose]();
      await sending;
    }
  });

  Deno.test(`compressed() makes a complete ${encoding} archive of nothing`, async () => {
    const [near, far] = pipe();
    const receiving = Array.fromAsync(readAll(far));
    await compressed(near, encoding)[Symbol.asyncDispose]();
    assert.equal(unpack[encoding](concat(await receiving)).length, 0);
  });
}

Deno.test("compressed() passes on that its stream broke, not that the archive is cut off", async () => {
  const [near] = pipe();
  const broken: ByteStream = Object.assign(Object.create(near), {
    read: () => Promise.reject(new Error("the client went away")),
  });
  await assert.rejects(compressed(broken, "gzip").read(), /the client went away/);
  await near[Symbol.asyncDispose]();
});
