import { createHash } from "node:crypto";
import { ConnectionError, DriverError } from "@jumpstarter/lib/errors";
import { type ByteStream, CHUNK_SIZE, readAll, SparseFile } from "@jumpstarter/lib/streams";
import type { PartialImage } from "../opendal/partial_image.ts";
import { Turns } from "../opendal/turns.ts";
import { type Medium, VERSION_AREA, versionLine } from "./medium.ts";

/** The storage is too small for what is written to it. */
export class StorageFullError extends DriverError {
  constructor(capacity: number) {
    super(`storage is full: it holds ${capacity} bytes, and the image has more`, {
      code: "ENOSPC",
    });
  }
}

/** The board's eMMC: a file in a temporary folder, of limited size. */
export class BlockDevice implements AsyncDisposable {
  #capacity: number;
  #onChange: () => void;
  #dir: Promise<string> | undefined;
  #turns = new Turns(() => new DriverError("storage is busy: it is being written or read already"));
  #isGone = false;
  /** Bytes of an image whose transfer broke off. */
  #arrived = 0;

  /** `capacity` in bytes; `onChange` is told of every write, also of one that has failed. */
  constructor(capacity: number, onChange: () => void) {
    this.#capacity = capacity;
    this.#onChange = onChange;
  }

  /**
   * Writes an image from the start, or what is missing of it from byte `offset` on. One that breaks
   * off, or is too large, stays as far as it came, as on real hardware.
   */
  async write(source: ByteStream, offset = 0): Promise<void> {
    await this.#exclusively(async (path) => {
      this.#checkThere(); // and at once, or the folder may go in between
      if (offset !== 0 && offset !== this.#arrived) {
        throw new DriverError(
          `storage cannot be taken up at byte ${offset}: ${this.#arrived} bytes of an image have come`,
        );
      }
      using file = Deno.openSync(path, { write: true, create: true, truncate: offset === 0 });
      await file.seek(offset, Deno.SeekMode.Start);
      try {
        this.#arrived = offset;
        await this.#fill(new SparseFile(file, offset), source);
      } finally {
        this.#onChange();
      }
    });
  }

  async #fill(file: SparseFile, source: ByteStream): Promise<void> {
    try {
      for await (const chunk of readAll(source)) {
        this.#checkThere();
        const room = this.#capacity - this.#arrived;
        await file.write(chunk.subarray(0, room));
        this.#arrived += chunk.length;
        if (chunk.length > room) throw new StorageFullError(this.#capacity);
      }
      this.#arrived = 0;
    } catch (error) {
      if (error instanceof StorageFullError) this.#arrived = 0; // more of it is of no use
      throw error;
    } finally {
      await file.finish();
    }
  }

  /** What is on it of an image whose transfer broke off. */
  partial(): Promise<PartialImage | null> {
    return this.#exclusively(async () => {
      const medium = this.#arrived === 0 ? undefined : await this.inspect();
      return medium === undefined ? null : { size: medium.size, sha256: medium.sha256 };
    });
  }

  /** Gives back what was written. */
  async read(target: ByteStream): Promise<void> {
    await this.#exclusively(async (path) => {
      for await (const chunk of contentOf(path)) await target.write(chunk);
    });
  }

  /** Looks at what is on it now; nothing when it is empty. */
  async inspect(signal?: AbortSignal): Promise<Medium | undefined> {
    const hash = createHash("sha256");
    let size = 0;
    let version: string | undefined;
    for await (const chunk of contentOf(await this.#path())) {
      signal?.throwIfAborted();
      if (size < VERSION_AREA) version ??= versionLine(chunk);
      hash.update(chunk);
      size += chunk.length;
    }
    return size === 0 ? undefined : { size, sha256: hash.digest("hex"), version };
  }

  #exclusively<T>(work: (path: string) => Promise<T>): Promise<T> {
    return this.#turns.take("storage", async () => await work(await this.#path()));
  }

  /** A transfer may outlive the session: one from a URL that is slow to answer. */
  #checkThere(): void {
    if (this.#isGone) throw new ConnectionError("the board is gone: its session has ended");
  }

  async #path(): Promise<string> {
    this.#checkThere();
    this.#dir ??= Deno.makeTempDir({ prefix: "jumpstarter-board-" });
    return `${await this.#dir}/mmcblk0`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isGone) return;
    this.#isGone = true;
    if (this.#dir !== undefined) await Deno.remove(await this.#dir, { recursive: true });
  }
}

async function* contentOf(path: string): AsyncGenerator<Uint8Array> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  using _closed = file;
  for (;;) {
    const buffer = new Uint8Array(CHUNK_SIZE);
    const size = await file.read(buffer);
    if (size === null) return;
    yield buffer.subarray(0, size);
  }
}
