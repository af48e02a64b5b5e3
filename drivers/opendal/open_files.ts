import { DriverError } from "@jumpstarter/lib/errors";

/** A file that a client has opened. */
export interface OpenFile {
  readonly path: string;
  readonly mode: "rb" | "wb";
  readonly file: Deno.FsFile;
  isClosed: boolean;
}

/** The files that clients have opened, by the names they were given. They stay known when closed. */
export class OpenFiles {
  #files = new Map<string, OpenFile>();

  add(path: string, mode: "rb" | "wb", file: Deno.FsFile): string {
    const fd = crypto.randomUUID();
    this.#files.set(fd, { path, mode, file, isClosed: false });
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

  close(fd: string): void {
    const found = this.get(fd);
    if (!found.isClosed) found.file.close();
    found.isClosed = true;
  }

  closeAll(): void {
    for (const fd of this.#files.keys()) this.close(fd);
  }
}
