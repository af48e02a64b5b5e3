import { type ByteStream, CHUNK_SIZE } from "@jumpstarter/lib/streams";

/** Sends a file from where it stands to its end. */
export async function sendFile(file: Pick<Deno.FsFile, "read">, stream: ByteStream): Promise<void> {
  for (;;) {
    // A fresh buffer a piece: the stream may still hold the last one.
    const buffer = new Uint8Array(CHUNK_SIZE);
    const size = await file.read(buffer);
    if (size === null) return;
    await stream.write(buffer.subarray(0, size));
  }
}
