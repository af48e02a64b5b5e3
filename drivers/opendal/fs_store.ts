import { fsCapability } from "./capability.ts";
import { FsPaths, isMissing } from "./fs_paths.ts";
import type { Capability, Metadata } from "./interface.ts";
import { metadata, Store } from "./store.ts";
import { normalizePath } from "./store_path.ts";

/** Files below one folder of the exporter's machine. */
export class FsStore extends Store {
  readonly scheme = "fs";
  readonly capability: Capability = fsCapability;
  #paths: FsPaths;

  constructor({ root }: { root: string }) {
    super();
    this.#paths = new FsPaths(root);
  }

  override open(path: string, mode: "rb" | "wb"): Promise<Deno.FsFile> {
    return this.#run("open", path, async (file) => {
      if (path.endsWith("/")) throw new Error("that is the name of a folder");
      if (mode === "rb") return await openForReading(file);
      await Deno.mkdir(parentOf(file), { recursive: true });
      return await Deno.open(file, { write: true, create: true, truncate: true });
    });
  }

  override stat(path: string): Promise<Metadata> {
    return this.#run("stat", path, async (file) => {
      const { isDirectory, size } = await Deno.stat(file);
      if (!isDirectory && path.endsWith("/")) {
        throw new Deno.errors.NotADirectory("it is a file, not a folder");
      }
      return metadata(size, isDirectory);
    });
  }

  override copy(source: string, target: string): Promise<void> {
    return this.#transfer("copy", source, target, Deno.copyFile);
  }

  override rename(source: string, target: string): Promise<void> {
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

  override createDir(path: string): Promise<void> {
    return this.#run("create_dir", path, async (dir) => {
      if (!path.endsWith("/")) throw new Error("the path of a folder ends with /");
      await Deno.mkdir(dir, { recursive: true });
    });
  }

  override delete(path: string): Promise<void> {
    return this.#run("delete", path, (file) => removeIfThere(file, false));
  }

  override removeAll(path: string): Promise<void> {
    return this.#run("remove_all", path, async (dir) => {
      if (normalizePath(path) !== "") return await removeIfThere(dir, true);
      for await (const { name } of Deno.readDir(dir)) {
        await Deno.remove(`${dir}/${name}`, { recursive: true });
      }
    });
  }

  /** A folder itself and what is in it; with `isDeep` what is in its folders, too. */
  override async *list(path: string, isDeep: boolean): AsyncGenerator<string> {
    if (!await this.exists(path)) return;
    const { mode } = await this.stat(path);
    const normal = normalizePath(path);
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

  #run<T>(operation: string, path: string, work: (resolved: string) => Promise<T>): Promise<T> {
    return this.attempt(operation, path, async () => await work(await this.#paths.resolve(path)));
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
