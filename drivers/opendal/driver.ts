import * as v from "valibot";
import {
  Driver,
  type DriverContext,
  exported,
  type ResourceHandle,
  resourceHandle,
  type Schema,
} from "@jumpstarter/lib/driver";
import { NotImplementedError } from "@jumpstarter/lib/errors";
import { readAll, writeFully } from "@jumpstarter/lib/streams";
import { fsCapability } from "./capability.ts";
import { FsStore } from "./fs_store.ts";
import type { Capability, HashAlgorithm, Metadata } from "./interface.ts";
import { OpenFiles } from "./open_files.ts";
import { sendFile } from "./send_file.ts";
import { algorithm, integer, mode, text } from "./schemas.ts";

/** Settings of {@linkcode Opendal}. */
export interface OpendalConfig {
  /** The kind of storage; `fs` is there. */
  scheme: "fs";
  /** `root` is the folder that holds the storage. */
  kwargs: { root: string };
  /** Delete at the end what clients have created. */
  remove_created_on_close: boolean;
}

const SEEK_MODES = [Deno.SeekMode.Start, Deno.SeekMode.Current, Deno.SeekMode.End];

/** Files on the exporter's machine: clients put images there, and other drivers serve them. */
export class Opendal extends Driver<OpendalConfig> {
  static override readonly client = "jumpstarter_driver_opendal.client.OpendalClient";
  static override readonly driverType = "storage";
  static override readonly config: Schema<OpendalConfig> = v.strictObject({
    scheme: v.literal("fs", (issue) => `scheme ${issue.received} is not there; "fs" is`),
    kwargs: v.strictObject({ root: v.pipe(v.string(), v.minLength(1, "root is empty")) }),
    remove_created_on_close: v.optional(v.boolean(), false),
  });

  #store: FsStore;
  #files = new OpenFiles();
  /** Paths that clients have created and not removed. */
  #created = new Set<string>();

  constructor(context: DriverContext<OpendalConfig>) {
    super(context);
    this.#store = new FsStore(this.config.kwargs.root);
  }

  /** Opens a file; what it is called in the other calls. */
  @exported(text, mode)
  async open(path: string, how: "rb" | "wb"): Promise<string> {
    const fd = this.#files.add(path, how, await this.#store.open(path, how));
    if (how === "wb") this.#track(path);
    return fd;
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
    await using stream = await this.resource(source);
    for await (const chunk of readAll(stream)) await writeFully(file, chunk);
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
  fileClose(fd: string): void {
    this.#files.get(fd).close();
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
  stat(path: string): Promise<Metadata> {
    return this.#store.stat(path);
  }

  /** The hash of a file, lower-case hex. */
  @exported(text, v.optional(algorithm, "sha256"))
  hash(path: string, algorithm: HashAlgorithm): Promise<string> {
    return this.#store.hash(path, algorithm);
  }

  /** Copies a file; folders on the way are made. */
  @exported(text, text)
  async copy(source: string, target: string): Promise<void> {
    await this.#store.copy(source, target);
    this.#track(target);
  }

  /** Renames a file; folders on the way are made. */
  @exported(text, text)
  async rename(source: string, target: string): Promise<void> {
    await this.#store.rename(source, target);
    this.#forget(source);
    this.#track(target);
  }

  /** Deletes a file, or a folder with everything in it. */
  @exported(text)
  async removeAll(path: string): Promise<void> {
    await this.#store.removeAll(path);
    this.#forget(path);
  }

  /** Makes a folder, and those above it. */
  @exported(text)
  async createDir(path: string): Promise<void> {
    await this.#store.createDir(path);
    this.#track(path);
  }

  /** Deletes a file or an empty folder; what is not there is no error. */
  @exported(text)
  async delete(path: string): Promise<void> {
    await this.#store.delete(path);
    this.#forget(path);
  }

  /** Whether a file or folder is there. */
  @exported(text)
  exists(path: string): Promise<boolean> {
    return this.#store.exists(path);
  }

  /** A folder itself and what is in it. */
  @exported(text)
  async *list(path: string): AsyncGenerator<string> {
    yield* this.#store.list(path, false);
  }

  /** A folder itself and everything below it. */
  @exported(text)
  async *scan(path: string): AsyncGenerator<string> {
    yield* this.#store.list(path, true);
  }

  /** Not offered by `fs`. */
  @exported(text, integer)
  presignStat(): never {
    return refusePresigned();
  }

  /** Not offered by `fs`. */
  @exported(text, integer)
  presignRead(): never {
    return refusePresigned();
  }

  /** Not offered by `fs`. */
  @exported(text, integer)
  presignWrite(): never {
    return refusePresigned();
  }

  /** What the storage can do. */
  @exported
  capability(): Capability {
    return fsCapability;
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
    const normal = this.#store.normalize(path);
    if (normal !== "") this.#created.add(normal);
  }

  /** Of a folder that is gone, what was in it is gone as well. */
  #forget(path: string): void {
    const normal = this.#store.normalize(path);
    for (const created of this.#created) {
      if (normal === "" || created === normal || created.startsWith(`${normal}/`)) {
        this.#created.delete(created);
      }
    }
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.#files.closeAll();
    if (!this.config.remove_created_on_close) return;
    // Children come before the folders that hold them.
    for (const path of [...this.#created].sort().reverse()) {
      await this.#store.removeAll(path).catch((error: Error) => this.log.warning(error.message));
    }
    this.#created.clear();
  }
}

function refusePresigned(): never {
  throw new NotImplementedError("a storage with scheme fs has no URLs for its files");
}
