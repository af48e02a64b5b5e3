import { DriverError } from "@jumpstarter/lib/errors";
import { failed, type StoreFile } from "./store.ts";

/** A file that a client has opened. Its failures name the path by which the client knows it. */
export class OpenFile {
  readonly path: string;
  readonly mode: "rb" | "wb";
  #scheme: string;
  #file: StoreFile;
  #isClosed = false;
  #isAbandoned = false;
  #transfers = 0;

  constructor(scheme: string, path: string, mode: "rb" | "wb", file: StoreFile) {
    this.#scheme = scheme;
    this.path = path;
    this.mode = mode;
    this.#file = file;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#attempt("read", () => this.#file.read(buffer));
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#attempt("write", () => this.#file.write(bytes));
  }

  seek(offset: number, whence: Deno.SeekMode): Promise<number> {
    return this.#attempt("seek in", () => this.#file.seek(offset, whence));
  }

  /** Does a transfer. When it fails, what was written is given up. */
  async transfer(work: () => Promise<void>): Promise<void> {
    this.#transfers++;
    try {
      await work();
    } catch (error) {
      // The first failure is the one to tell; the second mostly is that of the same server.
      await this.abandon().catch(() => {});
      throw error;
    } finally {
      this.#transfers--;
    }
  }

  /** Keeps what was written, unless a part of it is missing. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    // Who closes a file in the middle of a transfer does not want to wait for it.
    if (this.#transfers > 0) await this.abandon();
    this.#isClosed = true;
    if (!this.#isAbandoned) await this.#attempt("close", () => this.#file.close());
  }

  /**
   * Gives up what was written: a part must not be taken for the whole. Where a storage cannot do
   * that, what has come stays.
   */
  async abandon(): Promise<void> {
    if (this.#isClosed || this.#isAbandoned) return;
    this.#isAbandoned = true;
    const file = this.#file;
    await this.#attempt("abandon", () => file.abandon ? file.abandon() : file.close());
  }

  async #attempt<T>(operation: string, work: () => Promise<T> | T): Promise<T> {
    if (this.#isAbandoned && operation !== "abandon") {
      throw new DriverError(`"${this.path}" was given up when a transfer failed; open it again`);
    }
    try {
      return await work();
    } catch (cause) {
      throw failed(this.#scheme, operation, this.path, cause);
    }
  }
}

/** The files that clients have opened, by the names they were given. They stay known when closed. */
export class OpenFiles {
  #files = new Map<string, OpenFile>();

  add(file: OpenFile): string {
    const fd = crypto.randomUUID();
    this.#files.set(fd, file);
    return fd;
  }

  /** Fails for a name that was never given out. */
  get(fd: string): OpenFile {
    const found = this.#files.get(fd);
    if (found === undefined) throw new DriverError(`no file is open as "${fd}"`);
    return found;
  }

  /** Fails for a file that is closed or was opened for the other direction. */
  use(fd: string, mode?: "rb" | "wb"): OpenFile {
    const found = this.get(fd);
    if (found.isClosed) throw new DriverError(`"${found.path}" is closed`);
    if (mode !== undefined && found.mode !== mode) {
      throw new DriverError(
        `"${found.path}" is open for ${found.mode === "rb" ? "reading" : "writing"} only`,
      );
    }
    return found;
  }

  /** Gives up what no client has closed; what goes wrong with that is handed over. */
  async abandonAll(warn: (message: string) => void): Promise<void> {
    await Promise.all(
      [...this.#files.values()].map((file) =>
        file.abandon().catch((error: Error) => warn(error.message))
      ),
    );
  }
}
