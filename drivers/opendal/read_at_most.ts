import { concat } from "@jumpstarter/lib/streams";

/** Reads to the end, as text; fails when there is more than so many bytes. */
export async function readAtMost(
  read: () => Promise<Uint8Array | null>,
  limit: number,
): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await read(); part !== null; part = await read()) {
    size += part.length;
    if (size > limit) throw new Error(`the server answers with more than ${limit} bytes`);
    parts.push(part);
  }
  return new TextDecoder().decode(concat(parts));
}
