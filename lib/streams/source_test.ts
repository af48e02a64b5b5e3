import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { CHUNK_SIZE, concat } from "./byte_stream.ts";
import { type ImageSource, openSource } from "./source.ts";

const bytes = new Uint8Array(randomBytes(CHUNK_SIZE));
const content = concat([bytes, bytes, new Uint8Array([1, 2, 3])]);

async function readAll(image: ImageSource) {
  await using source = await openSource(image);
  const parts: Uint8Array[] = [];
  for (let part = await source.read(); part !== null; part = await source.read()) parts.push(part);
  return { name: source.name, size: source.size, parts };
}

async function withFile(work: (path: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  await Deno.writeFile(`${dir}/an image`, content);
  await work(`${dir}/an image`).finally(() => Deno.remove(dir, { recursive: true }));
}

Deno.test("openSource() reads a file in pieces, by path and by URL", async () => {
  await withFile(async (path) => {
    for (const image of [path, new URL(`file://${path}`)]) {
      const { name, size, parts } = await readAll(image);
      assert.deepEqual([name, size], ["an image", content.length]);
      assert.deepEqual(parts.map((part) => part.length), [CHUNK_SIZE, CHUNK_SIZE, 3]);
      assert.deepEqual(concat(parts), content);
    }
  });
});

Deno.test("openSource() reads blobs and streams, and skips empty pieces", async () => {
  const blob = await readAll(new Blob([content]));
  assert.deepEqual([blob.name, blob.size, concat(blob.parts)], ["bytes", content.length, content]);
  const file = await readAll(new File([content], "image.img"));
  assert.equal(file.name, "image.img");
  const stream = await readAll(ReadableStream.from([content, new Uint8Array(0), bytes]));
  assert.deepEqual([stream.size, stream.parts], [undefined, [content, bytes]]);
});

Deno.test("openSource() does not know the size of what is no regular file", async () => {
  const { size, parts } = await readAll("/dev/null");
  assert.deepEqual([size, parts], [undefined, []]);
});

Deno.test("openSource() cancels a stream that is not read to its end", async () => {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  await (await openSource(new ReadableStream({ cancel: resolve })))[Symbol.asyncDispose]();
  await cancelled;
});

const refused: Record<string, [ImageSource, RegExp]> = {
  "a file that is not there": [
    "/nonexistent",
    /^cannot read \/nonexistent: there is no such file$/,
  ],
  "a folder": ["/tmp", /^cannot read \/tmp: it is a folder, not an image$/],
  "a path through a file": ["/dev/null/x", /^cannot read \/dev\/null\/x: Not a directory$/],
  "no name": ["", /^cannot read a file without a name$/],
  "a URL, without its secrets": [
    "https://me:password@images.example/a.img?sig=secret",
    /^cannot read https:\/\/images\.example\/a\.img: only files of this machine can be read/,
  ],
  "what only begins like a URL": ["http://", /^cannot read http:\/\/: only files/],
  "a file of another machine": [new URL("file://there/x"), /^cannot read file:\/\/there\/x: only/],
};

for (const [what, [image, message]] of Object.entries(refused)) {
  Deno.test(`openSource() refuses ${what}`, async () => {
    await assert.rejects(openSource(image), { code: "usage", message });
  });
}
