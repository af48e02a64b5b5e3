/** Makes images for the simulated board. */
import { createHash } from "node:crypto";
import { writeFully } from "@jumpstarter/lib/streams";

/** What is told of an image. */
export interface ImageOptions {
  /** Bytes. */
  size: number;
  /** Becomes the version line that the board finds. */
  version: string;
}

/** What has been made. */
export interface MadeImage {
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

const PIECE = 1_000_000;

/** Writes an image: a header that the board can read, then a pattern. The same every time. */
export async function makeImage(
  path: string,
  { size, version }: ImageOptions,
): Promise<MadeImage> {
  const header = new TextEncoder().encode(`JUMPSTARTER SAMPLE IMAGE\nVERSION=${version}\n`);
  // 997 is prime to every block size, so no two blocks of the image are alike.
  const pattern = new Uint8Array(PIECE + 997).map((_, index) => (index % 997) ^ (index >> 8));
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const hash = createHash("sha256");
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await writeFully(file, bytes);
  };
  await write(header.subarray(0, size));
  for (let done = header.length, piece = 0; done < size; done += PIECE, piece++) {
    const start = piece % 997;
    await write(pattern.subarray(start, start + Math.min(PIECE, size - done)));
  }
  return { size, sha256: hash.digest("hex") };
}
