import { createHash } from "node:crypto";
import { CHUNK_SIZE, systemReason } from "@jumpstarter/lib/streams";
import { DriverError } from "@jumpstarter/lib/errors";
import { FsPaths, isMissing } from "./fs_paths.ts";
import type { HashAlgorithm, Metadata } from "./interface.ts";

/** Files below one folder of the exporter's machine, with the ways of OpenDAL's `fs` service. */
export class FsStore {
  #paths: FsPaths;

  constructor(root: string) {
    this.#paths = new FsPaths(root);
  }

  normalize(path: string): string {
    return this.#paths.normalize(path);
  }

  open(path: string, mode: "rb" | "wb"): Promise<Deno.FsFile> {
    return this.#run("open", path, async (file) => {
      if (path.endsWith("/")) throw new Error("that is the name of a folder");
      if (mode === "rb") return await openForReading(file);
      await Deno.mkdir(parentOf(file), { recursive: true });
      return await Deno.open(file, { write: true, create: true, truncate: true });
    });
  }

  stat(path: string): Promise<Metadata> {
    return this.#run("stat", path, async (file) => {
      const { isDirectory, size } = await Deno.stat(file);
      if (!isDirectory && path.endsWith("/")) {
        throw new Deno.errors.NotADirectory("it is a file, not a folder");
      }
      return {
        content_disposition: null,
        content_length: isDirectory ? 0 : size,
        content_md5: null,
        content_type: null,
        etag: null,
        mode: { entry_is_file: !isDirectory, entry_is_dir: isDirectory },
      };
    });
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.stat(path);
      return true;
    } catch (error) {
      if (isMissing((error as Error).cause)) return false;
      throw error;
    }
  }

  hash(path: string, algorithm: HashAlgorithm): Promise<string> {
    return this.#run("hash", path, async (source) => {
      using file = await Deno.open(source);
      const hash = createHash(algorithm);
      const buffer = new Uint8Array(CHUNK_SIZE);
      for (let size = await file.read(buffer); size !== null; size = await file.read(buffer)) {
        hash.update(buffer.subarray(0, size));
      }
      return hash.digest("hex");
    });
  }

  copy(source: string, target: string): Promise<void> {
    return this.#transfer("copy", source, target, Deno.copyFile);
  }

  rename(source: string, target: string): Promise<void> {
    return this.#transfer("rename", source, target, Deno.rename);
  }

  #transfer(
    operation: string,
    source: string,
    target: string,
    work: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    return this.#run(operation, source, async (from) => {
      const to = await this.#paths.resolve(target);
      if (from === to) throw new Error("source and target are the same");
      if (target.endsWith("/") && !source.endsWith("/")) {
        throw new Error(`"${target}" is the name of a folder`);
      }
      await Deno.mkdir(parentOf(to), { recursive: true });
      await work(from, to);
    });
  }

  createDir(path: string): Promise<void> {
    return this.#run("create_dir", path, async (dir) => {
      if (!path.endsWith("/")) throw new Error("the path of a folder ends with /");
      await Deno.mkdir(dir, { recursive: true });
    });
  }

  /** Deletes a file or an empty folder; what is not there is deleted already. */
  delete(path: string): Promise<void> {
    return this.#run("delete", path, (file) => removeIfThere(file, false));
  }

  /** Deletes a file, or a folder with everything in it. */
  removeAll(path: string): Promise<void> {
    return this.#run("remove_all", path, async (dir) => {
      if (this.normalize(path) !== "") return await removeIfThere(dir, true);
      for await (const { name } of Deno.readDir(dir)) {
        await Deno.remove(`${dir}/${name}`, { recursive: true });
      }
    });
  }

  /** A folder itself and what is in it; with `isDeep` what is in its folders, too. */
  async *list(path: string, isDeep: boolean): AsyncGenerator<string> {
    if (!await this.exists(path)) return;
    const { mode } = await this.stat(path);
    const normal = this.normalize(path);
    if (mode.entry_is_file) return yield normal;
    const dir = await this.#paths.resolve(path);
    yield `${normal}/`;
    // Without the slash, the name of a folder stands for the folder alone.
    if (isDeep || normal === "" || path.endsWith("/")) yield* this.#entries(dir, normal, isDeep);
  }

  async *#entries(dir: string, normal: string, isDeep: boolean): AsyncGenerator<string> {
    for await (const { name, isDirectory } of Deno.readDir(dir)) {
      const path = normal === "" ? name : `${normal}/${name}`;
      yield isDirectory ? `${path}/` : path;
      if (isDirectory && isDeep) yield* this.#entries(`${dir}/${name}`, path, isDeep);
    }
  }

  async #run<T>(
    operation: string,
    path: string,
    work: (resolved: string) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(await this.#paths.resolve(path));
    } catch (error) {
      if (error instanceof DriverError) throw error;
      throw new DriverError(`cannot ${operation} "${path}": ${systemReason(error)}`, {
        cause: error,
      });
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

async function openForReading(path: string): Promise<Deno.FsFile> {
  const file = await Deno.open(path);
  if (!(await file.stat()).isDirectory) return file;
  file.close();
  throw new Error("it is a folder");
}

async function removeIfThere(path: string, recursive: boolean): Promise<void> {
  try {
    await Deno.remove(path, { recursive });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
