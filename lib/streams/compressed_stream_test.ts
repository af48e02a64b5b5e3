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

const someBytes = crypto.getRandomValues(new Uint8Array(65_536));
const contents: Record<string, Uint8Array[]> = {
  something: [data],
  nothing: [],
  "one byte": [new Uint8Array([7])],
  "what does not get smaller": [someBytes, new Uint8Array(someBytes).reverse(), someBytes],
};

for (const encoding of CONTENT_ENCODINGS) {
  for (const [name, content] of Object.entries(contents)) {
    Deno.test(`compressed() writes a complete ${encoding} archive of ${name}`, async () => {
      const [near, far] = pipe();
      const receiving = Array.fromAsync(readAll(far));
      {
        await using stream = compressed(near, encoding);
        for (const chunk of content) await stream.write(chunk);
      }
      const archive = concat(await receiving);
      assert.deepEqual(await unpacked(archive, encoding), concat(content));
    });
  }

  Deno.test(`compressed() fails the writer of ${encoding} when nobody reads on`, async () => {
    const [near] = pipe();
    const broken: ByteStream = Object.assign(Object.create(near), {
      write: () => Promise.reject(new Error("the client went away")),
      closeWrite: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
    const stream = compressed(broken, encoding);
    await assert.rejects(async () => {
      for (;;) await stream.write(crypto.getRandomValues(new Uint8Array(65_536)));
    }, /^Error: the client went away$/);
    await stream[Symbol.asyncDispose](); // which says nothing twice
  });

  Deno.test(`compressed() keeps the writer of ${encoding} waiting for a slow reader`, async () => {
    const [near, far] = pipe();
    const stream = compressed(near, encoding);
    let written = 0;
    const writing = (async () => {
      for (; written < 40_000_000; written += 65_536) {
        await stream.write(crypto.getRandomValues(new Uint8Array(65_536)));
      }
    })();
    await far.read();
    // Nothing tells that a writer waits: it has as long as reading takes that never comes.
    for (let turn = 0; turn < 20; turn++) await new Promise((next) => setTimeout(next, 10));
    assert.ok(written < 6_000_000, `${written} bytes were taken`);
    await far[Symbol.asyncDispose]();
    await assert.rejects(writing);
    await stream[Symbol.asyncDispose]();
  });
}

async function unpacked(archive: Uint8Array, encoding: ContentEncoding): Promise<Uint8Array> {
  const [near, far] = pipe();
  const sending = far.write(archive).then(() => far.closeWrite());
  const parts = await Array.fromAsync(readAll(compressed(near, encoding)));
  await sending;
  return concat(parts);
}
