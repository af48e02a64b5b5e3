import * as v from "valibot";
import { Driver, exported, type ResourceHandle, resourceHandle } from "@jumpstarter/lib/driver";
import { ImageFolder } from "./image_folder.ts";
import type { FlasherInterface, StorageMuxInterface } from "./interface.ts";
import { offset, type PartialImage, type ResumableFlasher } from "./partial_image.ts";
import { sendFile } from "./send_file.ts";

/** A flasher without a device: it keeps one image a partition in a temporary folder. */
export class MockFlasher extends Driver implements FlasherInterface, ResumableFlasher {
  static override readonly client = "jumpstarter_driver_opendal.client.FlasherClient";
  static override readonly driverType = "storage";

  #images = new ImageFolder();

  @exported(resourceHandle, v.nullish(v.string()))
  async flash(source: ResourceHandle, partition?: string | null): Promise<void> {
    await this.flashAt(source, 0, partition);
  }

  @exported(resourceHandle, offset, v.nullish(v.string()))
  async flashAt(source: ResourceHandle, offset: number, partition?: string | null): Promise<void> {
    await using stream = await this.resource(source);
    await this.#images.write(partition ?? "default", stream, offset);
  }

  @exported(v.nullish(v.string()))
  partial(partition?: string | null): Promise<PartialImage | null> {
    return this.#images.partial(partition ?? "default");
  }

  @exported(resourceHandle, v.nullish(v.string()))
  async dump(target: ResourceHandle, partition?: string | null): Promise<void> {
    using file = await this.#images.open(partition ?? "default");
    if (file === undefined) {
      throw new Deno.errors.NotFound(`nothing was flashed to "${partition ?? "default"}" yet`);
    }
    await using stream = await this.resource(target);
    await sendFile(file, stream);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#images[Symbol.asyncDispose]();
  }
}

/** A storage mux without hardware: one image in a temporary folder, empty at first. */
export class MockStorageMux extends Driver implements StorageMuxInterface, ResumableFlasher {
  static override readonly client: string = "jumpstarter_driver_opendal.client.StorageMuxClient";
  static override readonly driverType = "storage";

  #images = new ImageFolder();

  /** Does nothing: there is nothing to connect. */
  @exported
  host(): void {}

  /** Does nothing: there is nothing to connect. */
  @exported
  dut(): void {}

  /** Does nothing: there is nothing to disconnect. */
  @exported
  off(): void {}

  @exported(resourceHandle)
  async write(source: ResourceHandle): Promise<void> {
    await this.flashAt(source, 0);
  }

  @exported(resourceHandle, offset)
  async flashAt(source: ResourceHandle, offset: number): Promise<void> {
    await using stream = await this.resource(source);
    await this.#images.write("storage", stream, offset);
  }

  @exported
  partial(): Promise<PartialImage | null> {
    return this.#images.partial("storage");
  }

  @exported(resourceHandle)
  async read(target: ResourceHandle): Promise<void> {
    using file = await this.#images.open("storage");
    await using stream = await this.resource(target);
    if (file === undefined) await stream.closeWrite();
    else await sendFile(file, stream);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#images[Symbol.asyncDispose]();
  }
}

/** {@linkcode MockStorageMux} for clients that flash: they switch to the host and back. */
export class MockStorageMuxFlasher extends MockStorageMux {
  static override readonly client: string =
    "jumpstarter_driver_opendal.client.StorageMuxFlasherClient";
}
