import { concat, formatBytes } from "@jumpstarter/lib/streams";
import { memoryCapability } from "./capability.ts";
import type { Capability, Metadata } from "./interface.ts";
import { metadata, soughtPosition, Store, type StoreFile, type StoreOptions } from "./store.ts";
import { isFolderPath, normalizePath, objectKey } from "./store_path.ts";

/** Bytes held beyond which people are told, and told again with every doubling. */
const MUCH = 1024 ** 3;

/**
 * Files in the memory of the exporter, gone with its session. There is no limit but the machine's;
 * the log tells when much is held.
 */
export class MemoryStore extends Store {
  readonly scheme = "memory";
  readonly capability: Capability = memoryCapability;
  #warn: StoreOptions["warn"];
  #files = new Map<string, Uint8Array>();
  #held = 0;
  #told = MUCH;

  constructor({ warn }: StoreOptions = {}) {
    super();
    this.#warn = warn;
  }

  /** Bytes in all files. */
  get held(): number {
    return this.#held;
  }

  override open(path: string, mode: "rb" | "wb"): Promise<StoreFile> {
    return this.attempt("open", path, () => {
      if (isFolderPath(path)) throw new Error("that is the name of a folder");
      const key = objectKey(path);
      if (mode === "rb") return new Reader(this.#find(key));
      return new Writer((bytes) => this.#put(key, bytes));
    });
  }

  override stat(path: string): Promise<Metadata> {
    return this.attempt("stat", path, () => {
      const key = objectKey(path);
      if (!isFolderPath(path)) return metadata(this.#find(key).length, false);
      if (key !== "" && this.#below(key).length === 0) throw notThere();
      return metadata(0, true);
    });
  }

  override copy(source: string, target: string): Promise<void> {
    return this.attempt("copy", source, () => {
      const to = this.#keyOfTarget(source, target);
      this.#put(to, this.#find(objectKey(source)));
    });
  }

  override rename(source: string, target: string): Promise<void> {
    return this.attempt("rename", source, () => {
      const [from, to] = [objectKey(source), this.#keyOfTarget(source, target)];
      const moved = this.#find(from);
      this.#remove(from);
      this.#put(to, moved);
    });
  }

  override createDir(path: string): Promise<void> {
    return this.attempt("create_dir", path, () => {
      if (!isFolderPath(path)) throw new Error("the path of a folder ends with /");
      const key = objectKey(path);
      if (key !== "") this.#put(key, new Uint8Array());
    });
  }

  override delete(path: string): Promise<void> {
    return this.attempt("delete", path, () => this.#remove(objectKey(path)));
  }

  override removeAll(path: string): Promise<void> {
    return this.attempt("remove_all", path, () => {
      const normal = normalizePath(path);
      if (!path.endsWith("/")) this.#remove(normal);
      for (const key of this.#below(normal === "" ? "" : `${normal}/`)) this.#remove(key);
    });
  }

  override async *list(path: string, isDeep: boolean): AsyncGenerator<string> {
    const normal = normalizePath(path);
    if (normal !== "" && !path.endsWith("/")) {
      if (this.#files.has(normal)) yield normal;
      if (this.#below(`${normal}/`).length > 0 && !isDeep) yield `${normal}/`;
      if (!isDeep) return;
    }
    const prefix = normal === "" ? "" : `${normal}/`;
    const keys = this.#below(prefix);
    yield* isDeep ? keys : new Set(keys.map((key) => prefix + firstSegment(key, prefix)));
  }

  #below(prefix: string): string[] {
    return [...this.#files.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  #keyOfTarget(source: string, target: string): string {
    const to = objectKey(target);
    if (objectKey(source) === to) throw new Error("source and target are the same");
    if (isFolderPath(source)) throw new Error("it is a folder");
    if (isFolderPath(target)) throw new Error(`"${target}" is the name of a folder`);
    return to;
  }

  #find(key: string): Uint8Array {
    const found = this.#files.get(key);
    if (found === undefined) throw notThere();
    return found;
  }

  #put(key: string, bytes: Uint8Array): void {
    this.#remove(key);
    this.#files.set(key, bytes);
    this.#held += bytes.length;
    if (this.#held < this.#told) return;
    this.#told = this.#held * 2;
    this.#warn?.(`the storage holds ${formatBytes(this.#held)} in the exporter's memory`);
  }

  #remove(key: string): void {
    this.#held -= this.#files.get(key)?.length ?? 0;
    this.#files.delete(key);
  }
}

/** The first part of what follows a prefix, with its slash. */
function firstSegment(key: string, prefix: string): string {
  const slash = key.indexOf("/", prefix.length);
  return key.slice(prefix.length, slash < 0 ? undefined : slash + 1);
}

function notThere(): Error {
  return new Deno.errors.NotFound("there is no such file");
}

/** A file being read: as it was when it was opened. */
class Reader implements StoreFile {
  #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    const part = this.#bytes.subarray(this.#position, this.#position + buffer.length);
    if (part.length === 0) return Promise.resolve(null);
    buffer.set(part);
    this.#position += part.length;
    return Promise.resolve(part.length);
  }

  write(): Promise<number> {
    return Promise.reject(new Error("it is open for reading"));
  }

  // deno-lint-ignore require-await -- what is refused is refused by the promise
  async seek(offset: number, whence: Deno.SeekMode): Promise<number> {
    return this.#position = soughtPosition(offset, whence, this.#position, this.#bytes.length);
  }

  close(): void {}
}

/** A file being written; it is there when it is closed. */
class Writer implements StoreFile {
  #keep: (bytes: Uint8Array) => void;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(keep: (bytes: Uint8Array) => void) {
    this.#keep = keep;
  }

  read(): Promise<number | null> {
    return Promise.reject(new Error("it is open for writing"));
  }

  write(bytes: Uint8Array): Promise<number> {
    this.#parts.push(bytes.slice()); // the caller may use its buffer again
    this.#size += bytes.length;
    return Promise.resolve(bytes.length);
  }

  seek(): Promise<number> {
    return Promise.resolve(this.#size);
  }

  close(): void {
    this.#keep(concat(this.#parts));
  }

  abandon(): void {
    this.#parts = [];
  }
}
