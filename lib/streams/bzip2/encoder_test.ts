import assert from "node:assert/strict";
import { concat } from "../byte_stream.ts";
import { decoders } from "../decoders.ts";
import { bzip2 } from "./encoder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

/** What each stage has its difficulties with. */
const contents: Record<string, Uint8Array> = {
  "nothing": new Uint8Array(0),
  "one byte": bytes("a"),
  "runs as long as a count may be, and longer": concat(
    [3, 4, 5, 254, 255, 256, 259, 260, 600].map((size) => new Uint8Array(size).fill(size)),
  ),
  "a million zeros": new Uint8Array(1_000_000),
  "a text that is the same all over": bytes("abcabc".repeat(60_000)),
  "a text that begins again and again": bytes(fibonacci(300_000)),
  "all bytes in order": Uint8Array.from({ length: 100_000 }, (_, index) => index),
  "bytes without order, of several blocks": concat(Array.from({ length: 9 }, () => random(60_000))),
  "bytes with a long tail of rare ones": Uint8Array.from(
    { length: 500_000 },
    (_, index) => Math.clz32(Math.imul(index, 0x9e37_79b1)),
  ),
};

for (const [name, content] of Object.entries(contents)) {
  Deno.test(`bzip2() packs ${name}`, async () => {
    const archive = concat(await Array.fromAsync(bzip2(inPieces(content))));
    const unpacked = concat(await Array.fromAsync(decoders.bz2(inPieces(archive))));
    assert.deepEqual(unpacked, content);
  });
}

Deno.test("bzip2() packs as small as the program of that name", async () => {
  const text = bytes("hardware in the loop\n".repeat(2_000));
  const archive = concat(await Array.fromAsync(bzip2(inPieces(text))));
  assert.ok(archive.length <= 90, `${archive.length} bytes`); // bzip2 -2 takes 90
});

async function* inPieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += 4_099) {
    await Promise.resolve();
    yield content.subarray(start, start + 4_099);
  }
}

function fibonacci(size: number): string {
  let [shorter, longer] = ["a", "ab"];
  while (longer.length < size) [shorter, longer] = [longer, longer + shorter];
  return longer;
}
