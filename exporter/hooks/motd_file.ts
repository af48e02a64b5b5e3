import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { JumpstarterError } from "@jumpstarter/lib/errors";
import { atExit } from "@jumpstarter/lib/program";
import { systemReason } from "@jumpstarter/lib/streams";

/** The most that is taken from the file, bytes. */
const SIZE_LIMIT = 64 * 1024;

/** A file where a beforeLease hook leaves a message for people. */
export class MotdFile {
  /** The value of `JMP_MOTD_FILE`. */
  readonly path: string;

  #atExit: Disposable;

  private constructor(path: string) {
    this.path = path;
    this.#atExit = atExit(() => {
      try {
        Deno.removeSync(path, { recursive: true });
      } catch {
        // There is nobody left to tell.
      }
    });
  }

  /** Makes an empty one, for this user only. */
  static async create(): Promise<MotdFile> {
    return new MotdFile(await Deno.makeTempFile({ prefix: "jumpstarter-motd-" }));
  }

  /**
   * The message without white space around it; may be empty. Only the first 64 KiB count. Fails with
   * `JumpstarterError` (`motd`) when the hook left no regular file there.
   */
  async read(): Promise<string> {
    try {
      return await readStart(this.path);
    } catch (cause) {
      const reason = systemReason(cause).replace(/^E[A-Z]+: |, open '.*'$/g, "");
      throw new JumpstarterError("motd", `cannot read JMP_MOTD_FILE: ${reason}`, { cause });
    }
  }

  /** Deletes whatever is there by now. */
  async delete(): Promise<void> {
    this.#atExit[Symbol.dispose]();
    try {
      await Deno.remove(this.path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function readStart(path: string): Promise<string> {
  // Opening a named pipe would wait for somebody to write to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error("it is not a regular file");
    const bytes = new Uint8Array(SIZE_LIMIT);
    let size = 0;
    while (size < SIZE_LIMIT) {
      const { bytesRead } = await file.read(bytes, size, SIZE_LIMIT - size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    // As part of a stream: a character that the limit cuts in two is left out.
    return new TextDecoder().decode(bytes.subarray(0, size), { stream: true }).trim();
  } finally {
    await file.close();
  }
}
