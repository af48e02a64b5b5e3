import { JumpstarterError, UsageError } from "../errors.ts";
import { writeFully } from "./connection.ts";
import { systemReason } from "./system_reason.ts";

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
  const refusal = (cause: unknown) => `cannot write ${path}: ${systemReason(cause)}`;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(partial, { write: true, createNew: true });
  } catch (cause) {
    throw new UsageError(refusal(cause), { cause });
  }
  let isOpen = true;
  let isKept = false;
  const end = () => {
    if (isOpen) file.close();
    isOpen = false;
  };
  const attempt = async (work: Promise<void>) => {
    try {
      await work;
    } catch (cause) {
      throw new JumpstarterError("not_written", refusal(cause), { cause });
    }
  };
  return {
    write: (bytes) => attempt(writeFully(file, bytes)),
    async close() {
      end();
      await attempt(Deno.rename(partial, path));
      isKept = true;
    },
    async [Symbol.asyncDispose]() {
      end();
      if (!isKept) await Deno.remove(partial);
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
