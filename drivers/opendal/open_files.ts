import { systemReason } from "@jumpstarter/lib/streams";
import { DriverError } from "@jumpstarter/lib/errors";

/** A file that a client has opened. Its failures name the path by which the client knows it. */
export class OpenFile {
  readonly path: string;
  readonly mode: "rb" | "wb";
  #file: Deno.FsFile;
  #isClosed = false;

  constructor(path: string, mode: "rb" | "wb", file: Deno.FsFile) {
    this.path = path;
    this.mode = mode;
    this.#file = file;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#attempt("read", this.#file.read(buffer));
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#attempt("write", this.#file.write(bytes));
  }

  seek(offset: number, whence: Deno.SeekMode): Promise<number> {
    return this.#attempt("seek in", this.#file.seek(offset, whence));
  }

  close(): void {
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
  }

  async #attempt<T>(operation: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      throw new DriverError(`cannot ${operation} "${this.path}": ${systemReason(cause)}`, {
        cause,
      });
    }
  }
}

/** The files that clients have opened, by the names they were given. They stay known when closed. */
export class OpenFiles {
  #files = new Map<string, OpenFile>();

  add(path: string, mode: "rb" | "wb", file: Deno.FsFile): string {
    const fd = crypto.randomUUID();
    this.#files.set(fd, new OpenFile(path, mode, file));
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

  closeAll(): void {
    for (const file of this.#files.values()) file.close();
  }
}
