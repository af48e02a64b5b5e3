import assert from "node:assert/strict";
import { concat } from "./byte_stream.ts";
import { SparseFile } from "./sparse_file.ts";

const HOLE = 65_536;
const zeros = (size: number) => new Uint8Array(size);
const ones = (size: number) => new Uint8Array(size).fill(1);

/** The pieces of an image, and the most that its file may take up, bytes. */
const images: Record<string, [Uint8Array[], number]> = {
  "nothing": [[], 0],
  "data alone": [[ones(HOLE), ones(3)], 2 * HOLE],
  "zeros alone": [[zeros(20 * HOLE)], 0],
  "zeros between": [[ones(10), zeros(30 * HOLE), ones(10)], 2 * HOLE],
  "zeros at the end": [[ones(HOLE), zeros(30 * HOLE), zeros(3)], HOLE],
  "zeros that come in small pieces": [
    [ones(HOLE), ...Array.from({ length: 640 }, () => zeros(3_277)), ones(1)],
    3 * HOLE,
  ],
  "a few zeros between": [[ones(5), zeros(500), ones(5), zeros(HOLE - 1), ones(1)], 2 * HOLE],
  "few zeros at the end": [[ones(5), zeros(500)], HOLE],
};

for (const [what, [pieces, most]] of Object.entries(images)) {
  for (const start of [0, 1_000]) {
    Deno.test(`a SparseFile holds ${what}, from byte ${start} on`, async () => {
      const path = await Deno.makeTempFile();
      {
        using file = await Deno.open(path, { write: true });
        await file.write(ones(start));
        const sparse = new SparseFile(file, start);
        for (const piece of pieces) await sparse.write(piece);
        await sparse.finish();
      }
      assert.deepEqual(await Deno.readFile(path), concat([ones(start), ...pieces]));
      const { blocks } = await Deno.stat(path);
      if (Deno.build.os === "linux") assert.ok(blocks! * 512 <= most + HOLE, `${blocks} blocks`);
      await Deno.remove(path);
    });
  }
}
