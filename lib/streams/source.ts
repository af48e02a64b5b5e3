import { UsageError } from "../errors.ts";
import { CHUNK_SIZE } from "./byte_stream.ts";
import { localPath } from "./local_path.ts";
import { systemReason } from "./system_reason.ts";

/**
 * Where an image may come from: a path, a `file:` URL, bytes, or a stream; for what goes to an
 * exporter, also an `http(s):` URL.
 */
export type ImageSource = string | URL | Blob | ReadableStream<Uint8Array>;

/** An image being read. */
export interface Source extends AsyncDisposable {
  /** What it is called, for people. */
  readonly name: string;
  /** Bytes in all, where that is known before reading. */
  readonly size: number | undefined;
  /** The next piece, {@linkcode CHUNK_SIZE} at most from files; `null` at the end. */
  read(): Promise<Uint8Array | null>;
}

/**
 * Opens an image; fails with `UsageError` that names it when it cannot be read. A file may be read
 * from a byte on that is not its first; its size is the whole one.
 */
export async function openSource(source: ImageSource, from = 0): Promise<Source> {
  if (source instanceof ReadableStream) return fromStream("stream", undefined, source);
  if (source instanceof Blob) {
    return fromStream(source instanceof File ? source.name : "bytes", source.size, source.stream());
  }
  return await openFile(source, from);
}

async function openFile(image: string | URL, from: number): Promise<Source> {
  const path = localPath(image, "read");
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
  const { isDirectory, isFile, size } = await file.stat();
  if (isDirectory) {
    file.close();
    throw new UsageError(`cannot read ${path}: it is a folder, not an image`);
  }
  if (from > 0) await file.seek(from, Deno.SeekMode.Start);
  return {
    name: path.split("/").at(-1)!,
    size: isFile ? size : undefined,
    async read() {
      const buffer = new Uint8Array(CHUNK_SIZE);
      const count = await file.read(buffer);
      return count === null ? null : buffer.subarray(0, count);
    },
    [Symbol.asyncDispose]() {
      file.close();
      return Promise.resolve();
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Deno.errors.NotFound ? "there is no such file" : systemReason(error);
}

function fromStream(
  name: string,
  size: number | undefined,
  stream: ReadableStream<Uint8Array>,
): Source {
  const reader = stream.getReader();
  return {
    name,
    size,
    async read() {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return null;
        if (value.length > 0) return value;
      }
    },
    async [Symbol.asyncDispose]() {
      await reader.cancel().catch(() => {}); // it failed already, and reading said so
    },
  };
}
