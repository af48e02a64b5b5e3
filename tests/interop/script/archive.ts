import assert from "node:assert/strict";
import type { ContentEncoding } from "@jumpstarter/lib/driver";
import { compressed, concat, pipe, readAll } from "@jumpstarter/lib/streams";

/** Packs bytes. */
export async function packed(
  content: Uint8Array,
  encoding: ContentEncoding,
): Promise<Uint8Array<ArrayBuffer>> {
  const [near, far] = pipe();
  const packing = (async () => {
    await using stream = compressed(near, encoding);
    await stream.write(content);
  })();
  const archive = concat(await Array.fromAsync(readAll(far)));
  await packing;
  return archive;
}

const magic: Record<ContentEncoding, string> = {
  gzip: "1f8b",
  xz: "fd377a585a00",
  bz2: "425a68",
  zstd: "28b52ffd",
};

/**
 * Checks an archive of the Python exporter, which never ends one, for its own client neither: a
 * beginning has to do.
 */
export async function assertBegun(
  archive: Uint8Array,
  encoding: ContentEncoding,
  plain: Uint8Array,
): Promise<void> {
  assert.ok(archive.toHex().startsWith(magic[encoding]), encoding);
  const [near, far] = pipe();
  const sending = far.write(archive).then(() => far.closeWrite());
  const parts: Uint8Array[] = [];
  try {
    for await (const part of readAll(compressed(near, encoding))) parts.push(part);
  } catch {
    // It is cut off.
  }
  await near[Symbol.asyncDispose]();
  await sending.catch(() => {}); // not all of it was read
  const begun = concat(parts);
  assert.deepEqual(begun, plain.subarray(0, begun.length), encoding);
}
