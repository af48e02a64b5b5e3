import assert from "node:assert/strict";
import * as zlib from "node:zlib";
import { CONTENT_ENCODINGS, type ContentEncoding } from "../driver/resource.ts";
import { type ByteStream, concat, readAll } from "./byte_stream.ts";
import { compressed } from "./compressed_stream.ts";
import { pipe } from "./pipe.ts";

const line = "hardware in the loop\n";
const data = new TextEncoder().encode(line.repeat(2_000));

/** `data`, packed by other programs: gzip and zstd by the runtime, the others by xz and bzip2. */
const packed: Record<ContentEncoding, Uint8Array> = {
  gzip: zlib.gzipSync(data),
  zstd: zlib.zstdCompressSync(data),
  xz: Uint8Array.fromBase64(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4KQPAFxdADQYSqrcxPt9xGCIgDfcYeXhNcdTdjKielSQj3H4AM07jd1YEHQuYyF3cf0973zhaLB/Ge6ozcAlZHRxOyLpU+SyvC35ORXI7Uato5RB1J4MZvT65o0g2MeQCAAAADd4aS4xC3z6AAF4kMgCAADmbl9FscRn+wIAAAAABFla",
  ),
  bz2: Uint8Array.fromBase64(
    "QlpoOTFBWSZTWccnm/gAJw/RgAAQQAAmZdSAIACQIAAAUqgAZPQlVwCVXgSq6CVWQlVgEqtQlVyEqshKrsEqvglVgJVZBKrAJVbhKrISq/F3JFOFCQxyeb+A",
  ),
};

const unpack = { gzip: zlib.gunzipSync, zstd: zlib.zstdDecompressSync };

async function send(stream: ByteStream, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length; start += 7) {
    await stream.write(bytes.subarray(start, start + 7));
  }
  await stream.closeWrite();
}

for (const encoding of CONTENT_ENCODINGS) {
  Deno.test(`compressed() reads ${encoding}, cut anywhere`, async () => {
    const [near, far] = pipe();
    const sending = send(far, packed[encoding]);
    const stream = compressed(near, encoding);
    assert.deepEqual(concat(await Array.fromAsync(readAll(stream))), data);
    await sending;
    await near[Symbol.asyncDispose]();
  });

  Deno.test(`compressed() says that ${encoding} data is cut off, or no ${encoding}`, async () => {
    const half = packed[encoding].subarray(0, packed[encoding].length >> 1);
    for (const bytes of [half, new TextEncoder().encode("this is no archive at all, is it")]) {
      const [near, far] = pipe();
      const sending = send(far, bytes).catch(() => {}); // nobody reads on after the error
      const stream = compressed(near, encoding);
      await assert.rejects(Array.fromAsync(readAll(stream)), {
        message: `the ${encoding} data is cut off, corrupt, or not ${encoding} at all`,
      });
      await near[Symbol.asyncDispose]();
      await sending;
    }
  });

  Deno.test(`compressed() passes on that the stream of ${encoding} data broke`, async () => {
    const [near] = pipe();
    const broken: ByteStream = Object.assign(Object.create(near), {
      read: () => Promise.reject(new Error("the client went away")),
    });
    await assert.rejects(compressed(broken, encoding).read(), /the client went away/);
    await near[Symbol.asyncDispose]();
  });
}

for (const encoding of ["gzip", "zstd"] as const) {
  for (const [name, content] of [["something", data], ["nothing", new Uint8Array(0)]] as const) {
    Deno.test(`compressed() writes a complete ${encoding} archive of ${name}`, async () => {
      const [near, far] = pipe();
      const receiving = Array.fromAsync(readAll(far));
      {
        await using stream = compressed(near, encoding);
        if (content.length > 0) await stream.write(content);
      }
      const archive = concat(await receiving);
      assert.deepEqual(new Uint8Array(unpack[encoding](archive)), content);
    });
  }
}

Deno.test("compressed() refuses to write what it can only read", async () => {
  const [near] = pipe();
  const stream = compressed(near, "xz");
  await assert.rejects(stream.write(data), /reads xz but does not write it; .* as gzip or zstd/);
  await stream[Symbol.asyncDispose]();
});
