import type { Json } from "@jumpstarter/lib/codec";
import {
  type CallOptions,
  download,
  type DriverClient,
  type PresignedRequestHandle,
  type ResourceHandle,
  type TransferOptions,
  type Transferred,
  upload,
} from "@jumpstarter/lib/driver";
import { ConnectionError, UsageError } from "@jumpstarter/lib/errors";
import { concat, type ImageSink, type ImageSource } from "@jumpstarter/lib/streams";
import type { PresignedRequest } from "./interface.ts";

/** From where a position counts. */
export type Whence = "start" | "current" | "end";

const whences: readonly Whence[] = ["start", "current", "end"];

/** An open file of a storage; disposing it closes it. */
export class OpendalFile implements AsyncDisposable {
  /** The name by which the driver knows the open file. */
  readonly fd: string;
  #client: DriverClient;

  constructor(client: DriverClient, fd: string) {
    this.#client = client;
    this.fd = fd;
  }

  /** Writes from the current position on. What is behind a request the exporter fetches itself. */
  writeFrom(
    source: ImageSource | PresignedRequest,
    options?: TransferOptions,
  ): Promise<Transferred> {
    return isRequest(source)
      ? this.#byRequest("file_write", "GET", source, options)
      : upload(this.#client, source, (handle, call) =>
        this.#do("file_write", handle, call), options);
  }

  /** Reads from the current position to the end. To a request the exporter sends it itself. */
  readInto(sink: ImageSink | PresignedRequest, options?: TransferOptions): Promise<Transferred> {
    return isRequest(sink) ? this.#byRequest("file_read", "PUT", sink, options) : download(
      this.#client,
      sink,
      (handle, call) => this.#do("file_read", handle, call),
      options,
    );
  }

  async #byRequest(
    method: string,
    verb: PresignedRequestHandle["method"],
    request: PresignedRequest,
    options: TransferOptions = {},
  ): Promise<Transferred> {
    if (request.method !== verb) {
      throw new UsageError(`a request with method ${request.method} does not do; ${verb} does`);
    }
    const { url, headers } = request;
    await this.#do(method, { kind: "presigned_request", method: verb, url, headers }, options);
    return { bytes: 0, sha256: "" }; // nothing passed through here
  }

  #do(method: string, handle: ResourceHandle, options: CallOptions): Promise<Json> {
    return this.#client.invoke(method, [this.fd, handle], options);
  }

  /** Writes bytes from the current position on. */
  async writeBytes(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.writeFrom(new Blob([bytes]));
  }

  /** Reads from the current position to the end, into memory. */
  async readBytes(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    await this.readInto(new WritableStream({ write: (part) => void parts.push(part) }));
    return concat(parts);
  }

  /** Moves the position; the new one, bytes from the start. */
  async seek(position: number, whence: Whence = "start"): Promise<number> {
    const args = [this.fd, position, whences.indexOf(whence)];
    return await this.#client.call("file_seek", ...args) as number;
  }

  /** The position, bytes from the start. */
  async tell(): Promise<number> {
    return await this.#client.call("file_tell", this.fd) as number;
  }

  /** Closes the file; its name stays known. */
  async close(): Promise<void> {
    await this.#client.call("file_close", this.fd);
  }

  /** Whether it is closed. */
  async isClosed(): Promise<boolean> {
    return await this.#client.call("file_closed", this.fd) === true;
  }

  /** Whether it was opened for reading. */
  async isReadable(): Promise<boolean> {
    return await this.#client.call("file_readable", this.fd) === true;
  }

  /** Whether its position can be moved. */
  async isSeekable(): Promise<boolean> {
    return await this.#client.call("file_seekable", this.fd) === true;
  }

  /** Whether it was opened for writing. */
  async isWritable(): Promise<boolean> {
    return await this.#client.call("file_writable", this.fd) === true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.close();
    } catch (error) {
      // An exporter that cannot be reached closes the file with its session.
      if (!(error instanceof ConnectionError)) throw error;
    }
  }
}

/** Whether something is a request, as `presignRead()` of a storage gives it. */
export function isRequest(place: unknown): place is PresignedRequest {
  return typeof place === "object" && place !== null && "headers" in place && "url" in place;
}
