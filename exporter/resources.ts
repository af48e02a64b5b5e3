import {
  CONTENT_ENCODINGS,
  type ContentEncoding,
  type Driver,
  type ResourceHandle,
} from "@jumpstarter/lib/driver";
import { DriverError, NotImplementedError } from "@jumpstarter/lib/errors";
import type { ByteStream } from "@jumpstarter/lib/streams";

/** Encodings that this exporter decodes and encodes itself. */
export const SUPPORTED_ENCODINGS: readonly ContentEncoding[] = [];

/** The streams that clients have opened beside their calls, until a driver takes them. */
export class ResourceTable {
  #offered = new Map<string, { driver: string; stream: ByteStream }>();

  /** Offers a stream to a driver; the uuid by which a call names it. */
  offer(driver: Driver, stream: ByteStream): string {
    const uuid = crypto.randomUUID();
    this.#offered.set(uuid, { driver: driver.uuid, stream });
    return uuid;
  }

  /** Takes back what nobody took. */
  withdraw(uuid: string): void {
    this.#offered.delete(uuid);
  }

  /** The stream behind a handle. It can be taken once, by the driver it was opened for. */
  take(driver: Driver, handle: ResourceHandle): Promise<ByteStream> {
    if (handle.kind === "presigned_request") {
      throw new NotImplementedError(
        "this exporter does not fetch URLs itself yet; download the file and give its path",
      );
    }
    const offered = this.#offered.get(handle.uuid);
    if (offered === undefined || offered.driver !== driver.uuid) {
      throw new DriverError(
        `resource ${handle.uuid} is not there: it was used already, or opened for another driver`,
      );
    }
    this.#offered.delete(handle.uuid);
    return Promise.resolve(offered.stream);
  }

  /** Ends the streams that a finished call named but never took, so that its client does not wait. */
  async release(args: readonly unknown[]): Promise<void> {
    for (const arg of args) {
      const uuid = (arg as { kind?: unknown; uuid?: unknown } | null)?.uuid;
      const offered = typeof uuid === "string" ? this.#offered.get(uuid) : undefined;
      if (offered === undefined) continue;
      this.#offered.delete(uuid as string);
      await offered.stream[Symbol.asyncDispose]();
    }
  }
}

/** Whether a name is an encoding of the protocol; whether we support it is another matter. */
export function isContentEncoding(name: string): name is ContentEncoding {
  return CONTENT_ENCODINGS.includes(name as ContentEncoding);
}
