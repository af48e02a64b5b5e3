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

/**
 * Switches a storage (an SD card, a USB stick) between the exporter and the device, and writes and
 * reads it while the exporter has it.
 *
 * ```ts
 * import type { StorageMuxClient } from "@jumpstarter/drivers/opendal";
 *
 * export async function install(storage: StorageMuxClient, image: string): Promise<void> {
 *   await storage.host();
 *   await storage.writeLocalFile(image);
 *   await storage.dut();
 * }
 * ```
 */
export class StorageMuxClient extends DriverClient {
  static override readonly labels: readonly string[] = [
    "jumpstarter_driver_opendal.client.StorageMuxClient",
  ];

  /** Connects the storage to the exporter. */
  async host(): Promise<void> {
    await this.call("host");
  }

  /** Connects the storage to the device. */
  async dut(): Promise<void> {
    await this.call("dut");
  }

  /** Disconnects the storage from both. */
  async off(): Promise<void> {
    await this.call("off");
  }

  /** Calls the driver to write what a handle names; see {@linkcode writeLocalFile}. */
  write(handle: ResourceHandle, options?: CallOptions): Promise<Json> {
    return this.invoke("write", [handle], options);
  }

  /** Calls the driver to read into what a handle names; see {@linkcode readLocalFile}. */
  read(handle: ResourceHandle, options?: CallOptions): Promise<Json> {
    return this.invoke("read", [handle], options);
  }

  /** Writes an image to the storage, which must be connected to the exporter; what was sent. */
  writeLocalFile(source: ImageSource, options?: TransferOptions): Promise<Transferred> {
    return upload(this, source, (handle, call) => this.write(handle, call), options);
  }

  /** Reads the storage, which must be connected to the exporter; what was received. */
  readLocalFile(sink: ImageSink, options?: TransferOptions): Promise<Transferred> {
    return download(this, sink, (handle, call) => this.read(handle, call), options);
  }
}
