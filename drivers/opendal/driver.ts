import * as v from "valibot";
import {
  Driver,
  exported,
  type ResourceHandle,
  resourceHandle,
  type Schema,
} from "@jumpstarter/lib/driver";
import { readAll, writeFully } from "@jumpstarter/lib/streams";
import type { Capability, HashAlgorithm, Metadata, PresignedRequest } from "./interface.ts";
import { OpenFile, OpenFiles } from "./open_files.ts";
import { openStore } from "./open_store.ts";
import { sendFile } from "./send_file.ts";
import { algorithm, integer, mode, text } from "./schemas.ts";
import type { Store } from "./store.ts";
import { type OpendalConfig, opendalConfig } from "./store_config.ts";
import { normalizePath } from "./store_path.ts";

const SEEK_MODES = [Deno.SeekMode.Start, Deno.SeekMode.Current, Deno.SeekMode.End];

/** Files at the exporter's side: clients put images there, and other drivers serve them. */
export class Opendal extends Driver<OpendalConfig> {
  static override readonly client = "jumpstarter_driver_opendal.client.OpendalClient";
  static override readonly driverType = "storage";
  static override readonly config: Schema<OpendalConfig> = opendalConfig;

  #opened: Promise<Store> | undefined;
  #files = new OpenFiles();
  /** Paths that clients have created and not removed. */
  #created = new Set<string>();

  /** The storage; opened when it is first asked for. */
  #store(): Promise<Store> {
    return this.#opened ??= openStore(this.config, {
      warn: (message) => this.log.warning(message),
    });
  }

  /** Opens the storage, so that one that cannot be opened is told before a client comes. */
  override async reset(): Promise<void> {
    await this.#store();
  }

  /** Opens a file; what it is called in the other calls. */
  @exported(text, mode)
  async open(path: string, how: "rb" | "wb"): Promise<string> {
    const store = await this.#store();
    const file = new OpenFile(store.scheme, path, how, await store.open(path, how));
    if (how === "wb") this.#track(path);
    return this.#files.add(file);
  }

  /** Sends a file from its position to its end. */
  @exported(text, resourceHandle)
  async fileRead(fd: string, target: ResourceHandle): Promise<void> {
    const file = this.#files.use(fd, "rb");
    await using stream = await this.resource(target);
    await sendFile(file, stream);
  }

  /** Writes what the client sends, from the position on. */
  @exported(text, resourceHandle)
  async fileWrite(fd: string, source: ResourceHandle): Promise<void> {
    const file = this.#files.use(fd, "wb");
    await file.transfer(async () => {
      await using stream = await this.resource(source);
      for await (const chunk of readAll(stream)) await writeFully(file, chunk);
    });
  }

  /** Moves the position; the new one, bytes from the start. */
  @exported(text, integer, v.optional(integer, 0))
  async fileSeek(fd: string, position: number, whence: number): Promise<number> {
    const seekMode = SEEK_MODES[whence];
    if (seekMode === undefined) throw new RangeError(`whence is ${whence}; 0, 1 and 2 are there`);
    return await this.#files.use(fd, "rb").seek(position, seekMode);
  }

  /** The position, bytes from the start. */
  @exported(text)
  async fileTell(fd: string): Promise<number> {
    return await this.#files.use(fd).seek(0, Deno.SeekMode.Current);
  }

  /** Closes a file; its name stays known. */
  @exported(text)
  async fileClose(fd: string): Promise<void> {
    await this.#files.get(fd).close();
  }

  /** Whether a file is closed. */
  @exported(text)
  fileClosed(fd: string): boolean {
    return this.#files.get(fd).isClosed;
  }

  /** Whether a file was opened for reading. */
  @exported(text)
  fileReadable(fd: string): boolean {
    return this.#files.get(fd).mode === "rb";
  }

  /** Whether the position of a file can be moved. */
  @exported(text)
  fileSeekable(fd: string): boolean {
    return this.#files.get(fd).mode === "rb";
  }

  /** Whether a file was opened for writing. */
  @exported(text)
  fileWritable(fd: string): boolean {
    return this.#files.get(fd).mode === "wb";
  }

  /** What is known of a file or folder. */
  @exported(text)
  async stat(path: string): Promise<Metadata> {
    return await (await this.#store()).stat(path);
  }

  /** The hash of a file, lower-case hex. */
  @exported(text, v.optional(algorithm, "sha256"))
  async hash(path: string, algorithm: HashAlgorithm): Promise<string> {
    return await (await this.#store()).hash(path, algorithm);
  }

  /** Copies a file; folders on the way are made. */
  @exported(text, text)
  async copy(source: string, target: string): Promise<void> {
    await (await this.#store()).copy(source, target);
    this.#track(target);
  }

  /** Renames a file; folders on the way are made. */
  @exported(text, text)
  async rename(source: string, target: string): Promise<void> {
    await (await this.#store()).rename(source, target);
    this.#forget(source);
    this.#track(target);
  }

  /** Deletes a file, or a folder with everything in it. */
  @exported(text)
  async removeAll(path: string): Promise<void> {
    await (await this.#store()).removeAll(path);
    this.#forget(path);
  }

  /** Makes a folder, and those above it. */
  @exported(text)
  async createDir(path: string): Promise<void> {
    await (await this.#store()).createDir(path);
    this.#track(path);
  }

  /** Deletes a file or an empty folder; what is not there is no error. */
  @exported(text)
  async delete(path: string): Promise<void> {
    await (await this.#store()).delete(path);
    this.#forget(path);
  }

  /** Whether a file or folder is there. */
  @exported(text)
  async exists(path: string): Promise<boolean> {
    return await (await this.#store()).exists(path);
  }

  /** A folder itself and what is in it. */
  @exported(text)
  async *list(path: string): AsyncGenerator<string> {
    yield* (await this.#store()).list(path, false);
  }

  /** A folder itself and everything below it. */
  @exported(text)
  async *scan(path: string): AsyncGenerator<string> {
    yield* (await this.#store()).list(path, true);
  }

  /** A request by which others can read what is known of a file, for so many seconds. */
  @exported(text, integer)
  async presignStat(path: string, seconds: number): Promise<PresignedRequest> {
    return await (await this.#store()).presign("stat", path, seconds);
  }

  /** A request by which others can read a file, for so many seconds. */
  @exported(text, integer)
  async presignRead(path: string, seconds: number): Promise<PresignedRequest> {
    return await (await this.#store()).presign("read", path, seconds);
  }

  /** A request by which others can write a file, for so many seconds. */
  @exported(text, integer)
  async presignWrite(path: string, seconds: number): Promise<PresignedRequest> {
    return await (await this.#store()).presign("write", path, seconds);
  }

  /** What the storage can do. */
  @exported
  async capability(): Promise<Capability> {
    return (await this.#store()).capability;
  }

  /** Paths that clients have created in this session and not removed. */
  @exported
  getCreatedResources(): string[] {
    return [...this.#created].sort();
  }

  /** Counts a path among those that clients have created. */
  @exported(text)
  registerPath(path: string): void {
    this.#track(path);
  }

  #track(path: string): void {
    const normal = normalizePath(path);
    if (normal !== "") this.#created.add(normal);
  }

  /** Of a folder that is gone, what was in it is gone as well. */
  #forget(path: string): void {
    const normal = normalizePath(path);
    for (const created of this.#created) {
      if (normal === "" || created === normal || created.startsWith(`${normal}/`)) {
        this.#created.delete(created);
      }
    }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    const warn = (message: string) => this.log.warning(message);
    await this.#files.abandonAll(warn);
    if (this.config.remove_created_on_close) await this.#removeCreated(warn);
    this.#created.clear();
  }

  async #removeCreated(warn: (message: string) => void): Promise<void> {
    const { scheme } = this.config;
    if (this.#created.size === 0 || scheme === "memory") return;
    if (scheme !== "fs") {
      return warn(`what clients have created stays: it is removed for fs alone, not for ${scheme}`);
    }
    const store = await this.#store();
    // Children come before the folders that hold them.
    for (const path of [...this.#created].sort().reverse()) {
      await store.removeAll(path).catch((error: Error) => warn(error.message));
    }
  }
}
