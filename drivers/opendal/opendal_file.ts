import {
  download,
  type DriverClient,
  type TransferOptions,
  type Transferred,
  upload,
} from "@jumpstarter/lib/driver";
import { ConnectionError } from "@jumpstarter/lib/errors";
import { concat, type ImageSink, type ImageSource } from "@jumpstarter/lib/streams";

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

  /** Writes from the current position on. */
  writeFrom(source: ImageSource, options?: TransferOptions): Promise<Transferred> {
    return upload(
      this.#client,
      source,
      (handle, call) => this.#client.invoke("file_write", [this.fd, handle], call),
      options,
    );
  }

  /** Reads from the current position to the end. */
  readInto(sink: ImageSink, options?: TransferOptions): Promise<Transferred> {
    return download(
      this.#client,
      sink,
      (handle, call) => this.#client.invoke("file_read", [this.fd, handle], call),
      options,
    );
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
