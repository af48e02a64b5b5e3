import { DriverClient, type TransferOptions, type Transferred } from "@jumpstarter/lib/driver";
import type { ImageSink, ImageSource } from "@jumpstarter/lib/streams";
import type { Capability, HashAlgorithm, Metadata, PresignedRequest } from "./interface.ts";
import { OpendalFile } from "./opendal_file.ts";

/** Files on the exporter's machine. Paths are relative to the storage's root; folders end in `/`. */
export class OpendalClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_opendal.client.OpendalClient",
  ];

  /** Opens a file for reading (`rb`) or writing (`wb`). */
  async open(path: string, mode: "rb" | "wb"): Promise<OpendalFile> {
    return new OpendalFile(this, await this.call("open", path, mode) as string);
  }

  /** Sends an image to a file of the storage. */
  async writeFromPath(
    path: string,
    source: ImageSource,
    options?: TransferOptions,
  ): Promise<Transferred> {
    await using file = await this.open(path, "wb");
    return await file.writeFrom(source, options);
  }

  /** Receives a file of the storage. */
  async readIntoPath(
    path: string,
    sink: ImageSink,
    options?: TransferOptions,
  ): Promise<Transferred> {
    await using file = await this.open(path, "rb");
    return await file.readInto(sink, options);
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
