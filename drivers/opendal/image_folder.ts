import { createHash } from "node:crypto";
import { DriverError } from "@jumpstarter/lib/errors";
import { type ByteStream, overlap, SparseFile } from "@jumpstarter/lib/streams";
import type { PartialImage } from "./partial_image.ts";
import { readFile } from "./send_file.ts";
import { Turns } from "./turns.ts";

/**
 * Images in a temporary folder, which is made with the first one. An image appears when it is whole:
 * of one that breaks off, what has come is kept apart, and can be added to.
 */
export class ImageFolder implements AsyncDisposable {
  #dir: Promise<string> | undefined;
  #turns = new Turns((name) =>
    new DriverError(`"${name}" is being written already; wait until that is done`)
  );

  /** Keeps what a stream holds; `offset` says how much of it has come before, bytes. */
  write(name: string, stream: ByteStream, offset = 0): Promise<void> {
    return this.#turns.take(name, async () => {
      const part = await this.#path("part", name);
      using file = await openPart(part, name, offset);
      let failure: unknown;
      try {
        failure = await fill(file, stream, offset);
        if (failure === undefined) await Deno.rename(part, await this.#path("image", name));
      } catch (error) {
        // The disk is full, for one: then there is no room for a part either.
        await Deno.remove(part).catch(() => {}); // what failed first is the error to tell
        throw error;
      }
      if (failure !== undefined) throw failure;
    });
  }

  /** What has come of an image that broke off. */
  partial(name: string): Promise<PartialImage | null> {
    return this.#turns.take(name, async () => {
      using file = await openIfThere(await this.#path("part", name));
      if (file === undefined) return null;
      const hash = createHash("sha256");
      let size = 0;
      for await (const chunk of readFile(file)) {
        hash.update(chunk);
        size += chunk.length;
      }
      return { size, sha256: hash.digest("hex") };
    });
  }

  /** Opens an image for reading, if there is one. */
  async open(name: string): Promise<Deno.FsFile | undefined> {
    return await openIfThere(await this.#path("image", name));
  }

  async #path(kind: "image" | "part", name: string): Promise<string> {
    this.#dir ??= Deno.makeTempDir({ prefix: "jumpstarter-images-" });
    // Encoded, a name is a file's name whatever it holds.
    return `${await this.#dir}/${kind}-${encodeURIComponent(name)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#dir === undefined) return;
    await Deno.remove(await this.#dir, { recursive: true });
    this.#dir = undefined;
  }
}

async function openPart(path: string, name: string, offset: number): Promise<Deno.FsFile> {
  if (offset === 0) return await Deno.open(path, { write: true, create: true, truncate: true });
  const file = await openIfThere(path, { write: true });
  const size = await file?.seek(0, Deno.SeekMode.End) ?? 0;
  if (size === offset) return file!;
  file?.close();
  throw new DriverError(
    `"${name}" cannot be taken up at byte ${offset}: ${size} bytes of an image have come`,
  );
}

/** What the stream failed with, if it did; what came until then is in the file. */
async function fill(file: Deno.FsFile, stream: ByteStream, offset: number): Promise<unknown> {
  const sparse = new SparseFile(file, offset);
  let failure: unknown;
  const read = async () => {
    try {
      return await stream.read();
    } catch (error) {
      failure = error;
      return null;
    }
  };
  await overlap(read, (chunk) => sparse.write(chunk));
  await sparse.finish();
  return failure;
}

async function openIfThere(
  path: string,
  options?: Deno.OpenOptions,
): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
