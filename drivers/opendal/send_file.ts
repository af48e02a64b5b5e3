import { type ByteStream, CHUNK_SIZE, overlap } from "@jumpstarter/lib/streams";

type File = Pick<Deno.FsFile, "read">;

/** Reads a file from where it stands to its end. */
export async function* readFile(file: File): AsyncGenerator<Uint8Array> {
  for (let piece = await next(file); piece !== null; piece = await next(file)) yield piece;
}

/** Sends a file from where it stands to its end, and ends the stream. */
export async function sendFile(file: File, stream: ByteStream): Promise<void> {
  await overlap(() => next(file), (piece) => stream.write(piece));
  await stream.closeWrite();
}

async function next(file: File): Promise<Uint8Array | null> {
  // A fresh buffer a piece: a stream may still hold the last one.
  const buffer = new Uint8Array(CHUNK_SIZE);
  const size = await file.read(buffer);
  return size === null ? null : buffer.subarray(0, size);
}
