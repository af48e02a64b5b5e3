import type { Json } from "@jumpstarter/lib/codec";
import type {
  CallOptions,
  ClientNode,
  ResourceHandle,
  TransferOptions,
  Transferred,
} from "@jumpstarter/lib/driver";
import { DriverError, UsageError } from "@jumpstarter/lib/errors";
import type { ImageSink, ImageSource } from "@jumpstarter/lib/streams";
import { FlasherClient } from "./flasher_client.ts";
import { StorageMuxClient } from "./storage_mux_client.ts";

/**
 * Flashes a storage behind a mux: it is connected to the exporter for the transfer, and to the
 * device after it, also when the transfer failed. It has one place only, so there are no targets.
 */
export class StorageMuxFlasherClient extends FlasherClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_opendal.client.StorageMuxFlasherClient",
  ];

  #mux: StorageMuxClient;

  constructor(node: ClientNode) {
    super(node);
    this.#mux = new StorageMuxClient(node);
  }

  /** Connects the storage to the exporter. */
  host(): Promise<void> {
    return this.#mux.host();
  }

  /** Connects the storage to the device. */
  dut(): Promise<void> {
    return this.#mux.dut();
  }

  /** Disconnects the storage from both. */
  off(): Promise<void> {
    return this.#mux.off();
  }

  /** Calls the driver to write what a handle names; see {@linkcode flash}. */
  write(handle: ResourceHandle, options?: CallOptions): Promise<Json> {
    return this.#mux.write(handle, options);
  }

  /** Calls the driver to read into what a handle names; see {@linkcode dump}. */
  read(handle: ResourceHandle, options?: CallOptions): Promise<Json> {
    return this.#mux.read(handle, options);
  }

  /** Writes an image without switching; {@linkcode flash} switches before and after. */
  writeLocalFile(source: ImageSource, options?: TransferOptions): Promise<Transferred> {
    return this.#mux.writeLocalFile(source, options);
  }

  /** Reads the storage without switching; {@linkcode dump} switches before and after. */
  readLocalFile(sink: ImageSink, options?: TransferOptions): Promise<Transferred> {
    return this.#mux.readLocalFile(sink, options);
  }

  protected override async prepared<T>(
    target: string | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    if (target !== undefined) {
      throw new UsageError(
        `${this.name} has one place only, and "${target}" was named as a target; leave it out`,
      );
    }
    await this.host();
    let result: T;
    try {
      result = await work();
    } catch (error) {
      await this.dut().catch((cause: Error) => {
        throw new DriverError(
          `${(error as Error).message}; switching ${this.name} back to the device also failed: ` +
            cause.message,
          { cause: error },
        );
      });
      throw error;
    }
    await this.dut();
    return result;
  }

  protected override writeImage(
    handle: ResourceHandle,
    _target: string | undefined,
    options: CallOptions,
  ): Promise<Json> {
    return this.write(handle, options);
  }

  protected override readImage(
    handle: ResourceHandle,
    _target: string | undefined,
    options: CallOptions,
  ): Promise<Json> {
    return this.read(handle, options);
  }
}
