import { UsageError } from "../errors.ts";
import { writeFully } from "./connection.ts";

/** Where a dump may go: a path, a `file:` URL, or a stream. */
export type ImageSink = string | URL | WritableStream<Uint8Array>;

/** A dump being written. Disposing it without `close()` leaves nothing behind. */
export interface Sink extends AsyncDisposable {
  /** Takes the next piece. */
  write(bytes: Uint8Array): Promise<void>;
  /** Keeps what was written. */
  close(): Promise<void>;
}

/** Opens a place for a dump. A file appears under its name only when it is whole. */
export async function openSink(sink: ImageSink): Promise<Sink> {
  return sink instanceof WritableStream ? fromStream(sink) : await openFile(sink);
}

async function openFile(sink: string | URL): Promise<Sink> {
  const path = sink instanceof URL ? decodeURIComponent(sink.pathname) : sink;
  const partial = `${path}.${crypto.randomUUID().slice(0, 8)}.partial`;
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(partial, { write: true, createNew: true });
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
  return {
    write: (bytes) => writeFully(file!, bytes),
    async close() {
      file?.close();
      file = undefined;
      await Deno.rename(partial, path);
    },
    async [Symbol.asyncDispose]() {
      if (file === undefined) return;
      file.close();
      file = undefined;
      await Deno.remove(partial);
    },
  };
}

function fromStream(stream: WritableStream<Uint8Array>): Sink {
  const writer = stream.getWriter();
  let isClosed = false;
  return {
    write: (bytes) => writer.write(bytes),
    async close() {
      isClosed = true;
      await writer.close();
    },
    async [Symbol.asyncDispose]() {
      if (!isClosed) await writer.abort().catch(() => {}); // it failed already, and writing said so
    },
  };
}
