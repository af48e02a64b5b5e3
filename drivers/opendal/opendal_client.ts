import { DriverClient, type TransferOptions, type Transferred } from "@jumpstarter/lib/driver";
import { type ImageSink, type ImageSource, openSource, webUrl } from "@jumpstarter/lib/streams";
import type { Capability, HashAlgorithm, Metadata, PresignedRequest } from "./interface.ts";
import { isRequest, OpendalFile } from "./opendal_file.ts";

/** Files at the exporter's side. Paths are relative to the storage's root; folders end in `/`. */
export class OpendalClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_opendal.client.OpendalClient",
  ];

  /** Opens a file for reading (`rb`) or writing (`wb`). */
  async open(path: string, mode: "rb" | "wb"): Promise<OpendalFile> {
    return new OpendalFile(this, await this.call("open", path, mode) as string);
  }

  /**
   * Sends an image to a file of the storage. What is behind an `http(s):` URL, or behind a request
   * that another storage gives, the exporter fetches itself.
   *
   * ```ts ignore
   * await board.files.writeFromPath("boot/kernel", "kernel");
   * await board.files.writeFromPath("image", "https://images.example/image.img");
   * await board.files.writeFromPath("image", await board.bucket.presignRead("image", 60));
   * ```
   */
  async writeFromPath(
    path: string,
    source: ImageSource | PresignedRequest,
    options?: TransferOptions,
  ): Promise<Transferred> {
    // Opening the target may empty it; not for a source that cannot be read.
    if (isLocal(source)) await (await openSource(source))[Symbol.asyncDispose]();
    await using file = await this.open(path, "wb");
    return await file.writeFrom(source, options);
  }

  /** Receives a file of the storage; to an `http(s):` URL or a request the exporter sends it itself. */
  async readIntoPath(
    path: string,
    sink: ImageSink | PresignedRequest,
    options?: TransferOptions,
  ): Promise<Transferred> {
    const sized = isRequest(sink) ? await this.#sized(path, sink) : sink;
    await using file = await this.open(path, "rb");
    return await file.readInto(sized, options);
  }

  /** S3 takes no upload of unknown length. */
  async #sized(path: string, request: PresignedRequest): Promise<PresignedRequest> {
    const { content_length: size } = await this.stat(path);
    return { ...request, headers: { ...request.headers, "content-length": String(size) } };
  }

  /** Writes bytes to a file. */
  async writeBytes(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await using file = await this.open(path, "wb");
    await file.writeBytes(bytes);
  }

  /** Reads a whole file into memory. */
  async readBytes(path: string): Promise<Uint8Array> {
    await using file = await this.open(path, "rb");
    return await file.readBytes();
  }

  /** What is known of a file or folder. */
  async stat(path: string): Promise<Metadata> {
    return await this.call("stat", path) as unknown as Metadata;
  }

  /** The hash of a file, lower-case hex. */
  async hash(path: string, algorithm: HashAlgorithm = "sha256"): Promise<string> {
    return await this.call("hash", path, algorithm) as string;
  }

  /** Copies a file; folders on the way are made. */
  async copy(source: string, target: string): Promise<void> {
    await this.call("copy", source, target);
  }

  /** Renames a file; folders on the way are made. */
  async rename(source: string, target: string): Promise<void> {
    await this.call("rename", source, target);
  }

  /** Deletes a file, or a folder with everything in it. */
  async removeAll(path: string): Promise<void> {
    await this.call("remove_all", path);
  }

  /** Makes a folder, and those above it. */
  async createDir(path: string): Promise<void> {
    await this.call("create_dir", path);
  }

  /** Deletes a file; one that is not there is no error. */
  async delete(path: string): Promise<void> {
    await this.call("delete", path);
  }

  /** Whether a file or folder is there. */
  async exists(path: string): Promise<boolean> {
    return await this.call("exists", path) === true;
  }

  /** A folder itself and what is in it. */
  list(path: string): AsyncGenerator<string> {
    return this.streamingCall("list", path) as AsyncGenerator<string>;
  }

  /** A folder itself and everything below it. */
  scan(path: string): AsyncGenerator<string> {
    return this.streamingCall("scan", path) as AsyncGenerator<string>;
  }

  /** A request by which a file's metadata can be read for so many seconds. */
  presignStat(path: string, seconds: number): Promise<PresignedRequest> {
    return this.#presign("presign_stat", path, seconds);
  }

  /** A request by which a file can be read for so many seconds. */
  presignRead(path: string, seconds: number): Promise<PresignedRequest> {
    return this.#presign("presign_read", path, seconds);
  }

  /** A request by which a file can be written for so many seconds. */
  presignWrite(path: string, seconds: number): Promise<PresignedRequest> {
    return this.#presign("presign_write", path, seconds);
  }

  /** What the storage can do. */
  async capability(): Promise<Capability> {
    return await this.call("capability") as Capability;
  }

  /** What clients have created in this session and not removed. */
  async getCreatedResources(): Promise<string[]> {
    return await this.call("get_created_resources") as string[];
  }

  async #presign(method: string, path: string, seconds: number): Promise<PresignedRequest> {
    return await this.call(method, path, seconds) as unknown as PresignedRequest;
  }
}

/** Whether a source is a file of this machine. */
function isLocal(source: ImageSource | PresignedRequest): source is string | URL {
  return (typeof source === "string" || source instanceof URL) && webUrl(source) === undefined;
}
