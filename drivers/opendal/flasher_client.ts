import { DriverError, UsageError } from "@jumpstarter/lib/errors";
import type { Json } from "@jumpstarter/lib/codec";
import {
  type CallOptions,
  download,
  DriverClient,
  type ResourceHandle,
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

/** An image for each of several places on the device. */
export type Images = Readonly<Record<string, ImageSource>>;

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
  flash(source: ImageSource, options?: FlashOptions & VerifyOptions): Promise<Transferred>;
  /**
   * Writes several images, one after the other, to the places that are their keys.
   *
   * ```ts ignore
   * await board.storage.flash({ boot: "boot.img", system: "system.img" });
   * ```
   */
  flash(
    images: Images,
    options?: TransferOptions & VerifyOptions,
  ): Promise<Record<string, Transferred>>;
  async flash(
    images: ImageSource | Images,
    options: FlashOptions & VerifyOptions = {},
  ): Promise<Transferred | Record<string, Transferred>> {
    if (isImage(images)) return await this.#flash(images, options);
    if (options.target !== undefined) {
      throw new UsageError(
        "images that name their places take no target; leave one of the two out",
      );
    }
    const sent: Record<string, Transferred> = {};
    for (const [target, image] of Object.entries(images)) {
      sent[target] = await this.#flash(image, { ...options, target });
    }
    return sent;
  }

  async #flash(
    source: ImageSource,
    { target, verify = false, onVerify, ...transfer }: FlashOptions & VerifyOptions,
  ): Promise<Transferred> {
    if (verify && transfer.encoding !== undefined) {
      throw new UsageError("a compressed image cannot be verified: what is read back is plain");
    }
    return await this.prepared(target, async () => {
      const sent = await upload(
        this,
        source,
        (handle, call) => this.writeImage(handle, target, call),
        transfer,
      );
      if (verify) await this.#verify(sent, target, transfer, onVerify);
      return sent;
    });
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
    const handle: ResourceHandle = {
      kind: "presigned_request",
      method: "GET",
      url: String(url),
      headers: {},
    };
    await this.prepared(target, () => this.writeImage(handle, target, call));
  }

  /** Reads an image back; what was received. */
  async dump(sink: ImageSink, options: FlashOptions = {}): Promise<Transferred> {
    const { target } = options;
    return await this.prepared(target, () => this.#dump(sink, options));
  }

  /** Does work on the device; a subclass makes it ready before, and takes care of it after. */
  protected prepared<T>(_target: string | undefined, work: () => Promise<T>): Promise<T> {
    return work();
  }

  /** Calls the driver to write an image. */
  protected writeImage(
    handle: ResourceHandle,
    target: string | undefined,
    options: CallOptions,
  ): Promise<Json> {
    return this.invoke("flash", withTarget(handle, target), options);
  }

  /** Calls the driver to read an image. */
  protected readImage(
    handle: ResourceHandle,
    target: string | undefined,
    options: CallOptions,
  ): Promise<Json> {
    return this.invoke("dump", withTarget(handle, target), options);
  }

  #dump(sink: ImageSink, { target, ...transfer }: FlashOptions): Promise<Transferred> {
    return download(
      this,
      sink,
      (handle, call) => this.readImage(handle, target, call),
      transfer,
    );
  }

  async #verify(
    sent: Transferred,
    target: string | undefined,
    { signal }: TransferOptions,
    onVerify: VerifyOptions["onVerify"],
  ): Promise<void> {
    const found = await this.#dump(new WritableStream(), {
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

function isImage(images: ImageSource | Images): images is ImageSource {
  return typeof images === "string" || images instanceof URL || images instanceof Blob ||
    images instanceof ReadableStream;
}

/** A target that is not given is left out: some drivers take no second argument. */
function withTarget(handle: ResourceHandle, target: string | undefined): unknown[] {
  return target === undefined ? [handle] : [handle, target];
}
