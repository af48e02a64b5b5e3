import assert from "node:assert/strict";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import type { FlasherClient } from "@jumpstarter/drivers/clients";
import type { ContentEncoding } from "@jumpstarter/lib/driver";
import type { checks as all } from "../checks.ts";
import { bytes, type Check, given, memory, random, text } from "./board.ts";

async function dumped(
  flasher: FlasherClient,
  options: { target?: string; encoding?: ContentEncoding } = {},
): Promise<Uint8Array> {
  const { sink, content } = memory();
  await flasher.dump(sink, options);
  return content();
}

export const checks: Record<(typeof all)["flasher"][number], Check> = {
  async "10 MiB are flashed and dumped"({ flasher }) {
    const data = random();
    await flasher.flash(new Blob([data]), { verify: true });
    assert.deepEqual(await dumped(flasher), data);
  },
  async "each partition keeps its own image"({ flasher }) {
    await flasher.flash(new Blob(["the boot loader"]), { target: "boot" });
    await flasher.flash(new Blob(["the root file system"]), { target: "root" });
    assert.equal(text(await dumped(flasher, { target: "boot" })), "the boot loader");
    assert.equal(text(await dumped(flasher, { target: "root" })), "the root file system");
  },
  async "nothing at all is flashed and dumped"({ flasher }) {
    await flasher.flash(new Blob([]), { target: "empty" });
    assert.equal((await dumped(flasher, { target: "empty" })).length, 0);
  },
  async "a gzip image is stored plain, and dumped as gzip"({ flasher }) {
    const plain = bytes("hardware in the loop\n".repeat(100_000));
    const target = "packed";
    await flasher.flash(new Blob([gzipSync(plain)]), { target, encoding: "gzip" });
    assert.deepEqual(await dumped(flasher, { target }), plain);
    // The Python exporter never ends an archive, to its own client neither: a beginning has to do.
    const packed = await dumped(flasher, { target, encoding: "gzip" });
    const begun = gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
    assert.deepEqual([...packed.subarray(0, 2)], [0x1f, 0x8b]);
    assert.deepEqual(new Uint8Array(begun), plain.subarray(0, begun.length));
  },
  async "the exporter fetches a URL"({ flasher }) {
    await flasher.flashUrl(given("URL"), { target: "fetched" });
    assert.equal(text(await dumped(flasher, { target: "fetched" })), "an image behind a URL");
  },
  async "a dump of what was never flashed fails"({ flasher }) {
    await assert.rejects(dumped(flasher, { target: "nothing" }), { code: "driver" });
  },
};
