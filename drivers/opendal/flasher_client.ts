import { DriverError, UsageError } from "@jumpstarter/lib/errors";
import type { Json } from "@jumpstarter/lib/codec";
import {
  type CallOptions,
  download,
  DriverClient,
  type ResourceHandle,
  type TransferCall,
  type TransferOptions,
  type Transferred,
  upload,
} from "@jumpstarter/lib/driver";
import { type ImageSink, type ImageSource, webUrl } from "@jumpstarter/lib/streams";
import { resumedUpload } from "./resumed_upload.ts";

/** Options of {@linkcode FlasherClient.dump}. */
export interface DumpOptions extends TransferOptions {
  /** The place on the device, where it has several: a partition, an address, a file name. */
  target?: string;
}

/** Options of {@linkcode FlasherClient.flash}. */
export interface FlashOptions extends DumpOptions {
  /** After writing, read the image back and compare. */
  verify?: boolean;
  /** Told while reading back: bytes so far, and bytes in all. */
  onVerify?: (done: number, total: number) => void;
  /**
   * Where the last flash broke off in the middle of this image, send only what is missing. For plain
   * files; what came of it is told to `onNote`.
   */
  resume?: boolean;
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
   *
   * An image behind an `http(s):` URL is fetched by the exporter, so `localhost` is the exporter's
   * machine, and nothing is known here of what was written.
   *
   * ```ts ignore
   * await board.storage.flash("https://images.example/board.img");
   * ```
   */
  flash(source: ImageSource, options?: FlashOptions): Promise<Transferred>;
  /**
   * Writes several images, one after the other, to the places that are their keys.
   *
   * ```ts ignore
   * await board.storage.flash({ boot: "boot.img", system: "system.img" });
   * ```
   */
  flash(
    images: Images,
    options?: Omit<FlashOptions, "target">,
  ): Promise<Record<string, Transferred>>;
  async flash(
    images: ImageSource | Images,
    options: FlashOptions = {},
  ): Promise<Transferred | Record<string, Transferred>> {
    if (isImage(images)) return await this.#flash(images, options);
    if (options.target !== undefined) {
      throw new UsageError(
        "images that name their places take no target; leave one of the two out",
      );
    }
    for (const image of Object.values(images)) assertPossible(image, options);
    const sent: Record<string, Transferred> = {};
    for (const [target, image] of Object.entries(images)) {
      sent[target] = await this.#flash(image, { ...options, target });
    }
    return sent;
  }

  async #flash(source: ImageSource, options: FlashOptions): Promise<Transferred> {
    assertPossible(source, options);
    const { target, verify = false, onVerify, resume = false, ...transfer } = options;
    const whole: TransferCall = (handle, call) => this.writeImage(handle, target, call);
    return await this.prepared(target, async () => {
      const sent = resume
        ? await resumedUpload(this, source, { place: listed(target), whole }, transfer)
        : await upload(this, source, whole, transfer);
      if (verify) await this.#verify(sent, target, transfer, onVerify);
      return sent;
    });
  }

  /** Reads an image back; what was received. To an `http(s):` URL the exporter sends it itself. */
  async dump(sink: ImageSink, options: DumpOptions = {}): Promise<Transferred> {
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
    return this.invoke("flash", [handle, ...listed(target)], options);
  }

  /** Calls the driver to read an image. */
  protected readImage(
    handle: ResourceHandle,
    target: string | undefined,
    options: CallOptions,
  ): Promise<Json> {
    return this.invoke("dump", [handle, ...listed(target)], options);
  }

  #dump(sink: ImageSink, { target, ...transfer }: DumpOptions): Promise<Transferred> {
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
    onVerify: FlashOptions["onVerify"],
  ): Promise<void> {
    const found = await this.#dump(new WritableStream(), {
      onProgress: (done) => onVerify?.(done, sent.bytes),
      ...(target === undefined ? {} : { target }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (found.sha256 === sent.sha256) return;
    const place = target === undefined ? this.name : `"${target}" of ${this.name}`;
    throw new DriverError(
      `${place} does not hold what was written: ${sent.bytes} bytes with sha256 ${sent.sha256} ` +
        `were sent, ${found.bytes} bytes with sha256 ${found.sha256} read back; flash it again`,
    );
  }
}

function isImage(images: ImageSource | Images): images is ImageSource {
  return typeof images === "string" || images instanceof URL || images instanceof Blob ||
    images instanceof ReadableStream;
}

/** Refuses what cannot be done with an image, before anything is touched. */
function assertPossible(source: ImageSource, { verify, resume, encoding }: FlashOptions): void {
  const isFromWeb = webUrl(source) !== undefined;
  if (verify && isFromWeb) {
    throw new UsageError(
      "an image behind a URL cannot be verified: the exporter fetches it, and it never comes here",
    );
  }
  if (verify && encoding !== undefined) {
    throw new UsageError("a compressed image cannot be verified: what is read back is plain");
  }
  const isFile = !isFromWeb && (typeof source === "string" || source instanceof URL);
  if (resume && (!isFile || encoding !== undefined)) {
    throw new UsageError(
      "only the flash of a plain file of this machine can be resumed: of others, nobody knows here " +
        "what has arrived",
    );
  }
}

/** A target that is not given is left out: some drivers take no such argument. */
function listed(target: string | undefined): string[] {
  return target === undefined ? [] : [target];
}
