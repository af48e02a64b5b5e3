import { DriverError, UsageError } from "@jumpstarter/lib/errors";
import {
  type CallOptions,
  download,
  DriverClient,
  type TransferOptions,
  type Transferred,
  upload,
} from "@jumpstarter/lib/driver";
import type { ImageSink, ImageSource } from "@jumpstarter/lib/streams";

/** Options of {@linkcode FlasherClient.flash} and {@linkcode FlasherClient.dump}. */
export interface FlashOptions extends TransferOptions {
  /** The place on the device, where it has several: a partition, an address, a file name. */
  target?: string;
}

/** What reading back an image is told about. */
export interface VerifyOptions {
  /** After writing, read the image back and compare. */
  verify?: boolean;
  /** Told while reading back: bytes so far, and bytes in all. */
  onVerify?: (done: number, total: number) => void;
}

/** Writes images to a device and reads them back. */
export class FlasherClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_opendal.client.FlasherClient",
    "jumpstarter.client.flasher.FlasherClient",
  ];

  /**
   * Writes an image; what was sent. With `verify`, it is read back, and a difference is an error.
   *
   * ```ts ignore
   * const { sha256 } = await board.storage.flash("image.img", { verify: true });
   * ```
   */
  async flash(
    source: ImageSource,
    options: FlashOptions & VerifyOptions = {},
  ): Promise<Transferred> {
    const { target, verify = false, onVerify, ...transfer } = options;
    if (verify && transfer.encoding !== undefined) {
      throw new UsageError("a compressed image cannot be verified: what is read back is plain");
    }
    const sent = await upload(
      this,
      source,
      (handle, call) => this.invoke("flash", withTarget(handle, target), call),
      transfer,
    );
    if (verify) await this.#verify(sent, target, transfer, onVerify);
    return sent;
  }

  /**
   * Has the exporter fetch an image over HTTP and write it: `localhost` is the exporter's machine.
   *
   * ```ts ignore
   * await board.storage.flashUrl("https://images.example/board.img");
   * ```
   */
  async flashUrl(
    url: string | URL,
    options: CallOptions & { target?: string } = {},
  ): Promise<void> {
    const { target, ...call } = options;
    const handle = { kind: "presigned_request", method: "GET", url: String(url), headers: {} };
    await this.invoke("flash", withTarget(handle, target), call);
  }

  /** Reads an image back; what was received. */
  dump(sink: ImageSink, options: FlashOptions = {}): Promise<Transferred> {
    const { target, ...transfer } = options;
    return download(
      this,
      sink,
      (handle, call) => this.invoke("dump", withTarget(handle, target), call),
      transfer,
    );
  }

  async #verify(
    sent: Transferred,
    target: string | undefined,
    { signal }: TransferOptions,
    onVerify: VerifyOptions["onVerify"],
  ): Promise<void> {
    const found = await this.dump(new WritableStream(), {
      onProgress: (done) => onVerify?.(done, sent.bytes),
      ...(target === undefined ? {} : { target }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (found.sha256 === sent.sha256) return;
    throw new DriverError(
      `the device does not hold what was written: ${sent.bytes} bytes with sha256 ${sent.sha256} ` +
        `were sent, ${found.bytes} bytes with sha256 ${found.sha256} read back; flash it again`,
    );
  }
}

/** A target that is not given is left out: some drivers take no second argument. */
function withTarget(handle: unknown, target: string | undefined): unknown[] {
  return target === undefined ? [handle] : [handle, target];
}
