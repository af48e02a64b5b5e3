import { type ByteStream, CHUNK_SIZE } from "@jumpstarter/lib/streams";

/** Reads a file from where it stands to its end. */
export async function* readFile(file: Pick<Deno.FsFile, "read">): AsyncGenerator<Uint8Array> {
  for (;;) {
    // A fresh buffer a piece: a stream may still hold the last one.
    const buffer = new Uint8Array(CHUNK_SIZE);
    const size = await file.read(buffer);
    if (size === null) return;
    yield buffer.subarray(0, size);
  }
}

/** Sends a file from where it stands to its end. */
export async function sendFile(file: Pick<Deno.FsFile, "read">, stream: ByteStream): Promise<void> {
  for await (const chunk of readFile(file)) await stream.write(chunk);
}
