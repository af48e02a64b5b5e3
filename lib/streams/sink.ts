import { JumpstarterError, UsageError } from "../errors.ts";
import { writeFully } from "./connection.ts";
import { localPath } from "./local_path.ts";
import { SparseFile } from "./sparse_file.ts";
import { systemReason } from "./system_reason.ts";

/**
 * Where a dump may go: a path, a `file:` URL, or a stream; for what an exporter sends, also an
 * `http(s):` URL.
 */
export type ImageSink = string | URL | WritableStream<Uint8Array>;

/** A dump being written. Disposing it without `close()` leaves nothing behind. */
export interface Sink extends AsyncDisposable {
  /** Takes the next piece. */
  write(bytes: Uint8Array): Promise<void>;
  /** Keeps what was written. */
  close(): Promise<void>;
}

/**
 * Opens a place for a dump. A file appears under its name only when it is whole, with holes where
 * there are only zeros; a link stays a link, a device or a pipe is written as it is. Fails with
 * `UsageError` that names the place.
 */
export async function openSink(sink: ImageSink): Promise<Sink> {
  if (sink instanceof WritableStream) return fromStream(sink);
  const path = localPath(sink, "write");
  try {
    const found = await infoOf(path);
    if (found?.isDirectory) throw new Error("it is a folder");
    if (found === undefined) return await toFile(path, path);
    return found.isFile
      ? await toFile(path, await Deno.realPath(path), found.mode ?? undefined)
      : toDevice(path, await Deno.open(path, { write: true }));
  } catch (cause) {
    throw new UsageError(refusal(path, cause), { cause });
  }
}

async function infoOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** `path` is the file's name for people, `target` where it lies; one that is replaced has a mode. */
async function toFile(path: string, target: string, mode?: number): Promise<Sink> {
  const partial = `${target}.${crypto.randomUUID().slice(0, 8)}.partial`;
  const permissions = mode === undefined ? {} : { mode: mode & 0o777 };
  const file = await Deno.open(partial, { write: true, createNew: true, ...permissions });
  const sparse = new SparseFile(file);
  const { close: end } = toDevice(path, file);
  let isKept = false;
  return {
    write: (bytes) => attempt(path, sparse.write(bytes)),
    async close() {
      await attempt(path, sparse.finish());
      await end();
      await attempt(path, Deno.rename(partial, target));
      isKept = true;
    },
    async [Symbol.asyncDispose]() {
      await end();
      if (!isKept) await Deno.remove(partial).catch(() => {}); // why it is not kept was told
    },
  };
}

function toDevice(path: string, file: Deno.FsFile): Sink {
  let isOpen = true;
  const close = () => {
    if (isOpen) file.close();
    isOpen = false;
    return Promise.resolve();
  };
  return {
    write: (bytes) => attempt(path, writeFully(file, bytes)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function attempt(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw new JumpstarterError("not_written", refusal(path, cause), { cause });
  }
}

function refusal(path: string, cause: unknown): string {
  return `cannot write ${path}: ${systemReason(cause)}`;
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
