import { createHash } from "node:crypto";
import { DriverError, JumpstarterError, NotImplementedError } from "@jumpstarter/lib/errors";
import { CHUNK_SIZE, systemReason } from "@jumpstarter/lib/streams";
import { isMissing } from "./fs_paths.ts";
import type { Capability, HashAlgorithm, Metadata, PresignedRequest } from "./interface.ts";

/** An open file of a storage; a `Deno.FsFile` is one. */
export interface StoreFile {
  /** Fills a buffer from the position on; how many bytes, or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Takes bytes; how many of them. */
  write(bytes: Uint8Array): Promise<number>;
  /** Moves the position; the new one, bytes from the start. */
  seek(offset: number, whence: Deno.SeekMode): Promise<number>;
  /** Ends the work. What was written is there from now on at the latest. */
  close(): Promise<void> | void;
  /** Ends the work without what was written, where that can be: what was there before stays. */
  abandon?(): Promise<void> | void;
}

/** What a {@linkcode Store} is told beside its kwargs. */
export interface StoreOptions {
  /** Told what people should know. */
  warn?: (message: string) => void;
  /** Milliseconds that a server may keep silent. */
  silence?: number;
}

/** What a presigned request is for. */
export type PresignPurpose = "stat" | "read" | "write";

/**
 * One kind of storage, with the ways of the OpenDAL service of that name. What a kind does not
 * offer fails with `NotImplementedError`; other failures name the scheme, the path and the reason.
 */
export abstract class Store {
  /** The name of the kind in an exporter file. */
  abstract readonly scheme: string;
  /** What it can do. */
  abstract readonly capability: Capability;

  /** Opens a file; one that is written is made when it is missing, and so are folders above it. */
  abstract open(path: string, mode: "rb" | "wb"): Promise<StoreFile>;

  /** What is known of a file or folder. */
  abstract stat(path: string): Promise<Metadata>;

  async exists(path: string): Promise<boolean> {
    try {
      await this.stat(path);
      return true;
    } catch (error) {
      if (isMissing((error as Error).cause)) return false;
      throw error;
    }
  }

  async hash(path: string, algorithm: HashAlgorithm): Promise<string> {
    const file = await this.open(path, "rb");
    try {
      return await this.attempt("hash", path, async () => {
        const hash = createHash(algorithm);
        const buffer = new Uint8Array(CHUNK_SIZE);
        for (let size = await file.read(buffer); size !== null; size = await file.read(buffer)) {
          hash.update(buffer.subarray(0, size));
        }
        return hash.digest("hex");
      });
    } finally {
      await file.close();
    }
  }

  copy(_source: string, _target: string): Promise<void> {
    return this.refuse("copy files");
  }

  rename(_source: string, _target: string): Promise<void> {
    return this.refuse("rename files");
  }

  createDir(_path: string): Promise<void> {
    return this.refuse("make folders");
  }

  /** Deletes a file or an empty folder; what is not there is deleted already. */
  delete(_path: string): Promise<void> {
    return this.refuse("delete files");
  }

  /** Deletes a file, or a folder with everything in it. */
  removeAll(_path: string): Promise<void> {
    return this.refuse("delete files");
  }

  /** What is in a folder; with `isDeep` what is in its folders, too. */
  // deno-lint-ignore require-yield
  async *list(_path: string, _isDeep: boolean): AsyncGenerator<string> {
    await this.refuse("list its files");
  }

  /** A request by which others reach a file for so many seconds. */
  presign(_purpose: PresignPurpose, _path: string, _seconds: number): Promise<PresignedRequest> {
    return this.refuse("give URLs for its files");
  }

  /** Does work on a path; its failure names the scheme, the path and the reason. */
  protected async attempt<T>(
    operation: string,
    path: string,
    work: () => Promise<T> | T,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failed(this.scheme, operation, path, error);
    }
  }

  protected refuse(what: string): Promise<never> {
    const message = `a storage with scheme ${this.scheme} cannot ${what}`;
    return Promise.reject(new NotImplementedError(message));
  }
}

/** A failure with its place; one that has its place already stays as it is. */
export function failed(
  scheme: string,
  operation: string,
  path: string,
  cause: unknown,
): JumpstarterError {
  if (cause instanceof JumpstarterError) return cause;
  const message = `${scheme}: cannot ${operation} "${path}": ${systemReason(cause)}`;
  return new DriverError(message, { cause });
}

/** Metadata of which no more is known than the size; for a folder, not even that. */
export function metadata(size: number, isFolder: boolean): Metadata {
  return {
    content_disposition: null,
    content_length: isFolder ? 0 : size,
    content_md5: null,
    content_type: null,
    etag: null,
    mode: { entry_is_file: !isFolder, entry_is_dir: isFolder },
  };
}

/** The position that a seek leads to, where nothing else knows it. */
export function soughtPosition(
  offset: number,
  whence: Deno.SeekMode,
  position: number,
  size: number | undefined,
): number {
  if (whence === Deno.SeekMode.End && size === undefined) {
    throw new Error("its size is not known, so there is no end to count from");
  }
  const bases = {
    [Deno.SeekMode.Start]: 0,
    [Deno.SeekMode.Current]: position,
    [Deno.SeekMode.End]: size ?? 0,
  };
  const sought = bases[whence] + offset;
  if (sought < 0) throw new Error(`position ${sought} is before the start`);
  return sought;
}
