import {
  CONTENT_ENCODINGS,
  type ContentEncoding,
  type Driver,
  type ResourceHandle,
} from "@jumpstarter/lib/driver";
import { DriverError } from "@jumpstarter/lib/errors";
import { type ByteStream, compressed, openRequest } from "@jumpstarter/lib/streams";

/** Whether this exporter handles an encoding itself; otherwise the client has to. */
export function isSupported(encoding: string | null): encoding is ContentEncoding {
  const isDisabled = Deno.env.get("JMP_DISABLE_COMPRESSION") === "1";
  return !isDisabled && CONTENT_ENCODINGS.includes(encoding as ContentEncoding);
}

/** The streams that clients have opened beside their calls, until a driver takes them. */
export class ResourceTable {
  #offered = new Map<string, { driver: string; stream: ByteStream }>();
  /** The end of the call that a handle was given to. */
  #calls = new WeakMap<object, AbortSignal>();

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

  /** Ends the requests that the arguments of a call name, when its client gives it up. */
  belong(args: readonly unknown[], signal: AbortSignal): void {
    for (const arg of args) {
      if (typeof arg === "object" && arg !== null) this.#calls.set(arg, signal);
    }
  }

  /** The stream behind a handle. It can be taken once, by the driver it was opened for. */
  take(driver: Driver, handle: ResourceHandle): Promise<ByteStream> {
    if (handle.kind === "presigned_request") return openRequest(handle, this.#calls.get(handle));
    const offered = this.#offered.get(handle.uuid);
    if (offered === undefined || offered.driver !== driver.uuid) {
      throw new DriverError(
        `resource ${handle.uuid} is not there: it was used already, or opened for another driver`,
      );
    }
    this.#offered.delete(handle.uuid);
    const { x_jmp_content_encoding: encoding } = handle;
    const { stream } = offered;
    return Promise.resolve(isSupported(encoding) ? compressed(stream, encoding) : stream);
  }

  /** Ends the streams that a finished call named but never took, so that its client does not wait. */
  async release(driver: Driver, args: readonly unknown[]): Promise<void> {
    for (const arg of args) {
      const uuid = (arg as { kind?: unknown; uuid?: unknown } | null)?.uuid;
      const offered = typeof uuid === "string" ? this.#offered.get(uuid) : undefined;
      if (offered?.driver !== driver.uuid) continue;
      this.#offered.delete(uuid as string);
      await offered.stream[Symbol.asyncDispose]();
    }
  }
}
