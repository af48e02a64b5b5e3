import * as v from "valibot";
import { Driver, exported, type ResourceHandle, resourceHandle } from "@jumpstarter/lib/driver";
import { readAll, writeFully } from "@jumpstarter/lib/streams";
import type { FlasherInterface } from "./interface.ts";
import { sendFile } from "./send_file.ts";

/** A flasher without a device: it keeps one image a partition in a temporary folder. */
export class MockFlasher extends Driver implements FlasherInterface {
  static override readonly client = "jumpstarter_driver_opendal.client.FlasherClient";
  static override readonly driverType = "storage";

  #dir: Promise<string> | undefined;

  @exported(resourceHandle, v.nullish(v.string()))
  async flash(source: ResourceHandle, partition?: string | null): Promise<void> {
    await using stream = await this.resource(source);
    const path = await this.#path(partition);
    const partial = `${path}.${crypto.randomUUID()}`;
    try {
      using file = await Deno.open(partial, { write: true, createNew: true });
      for await (const chunk of readAll(stream)) await writeFully(file, chunk);
      // An image appears when it is whole: a transfer that breaks off leaves the old one.
      await Deno.rename(partial, path);
    } catch (error) {
      await Deno.remove(partial).catch(() => {}); // what failed first is the error to tell
      throw error;
    }
  }

  @exported(resourceHandle, v.nullish(v.string()))
  async dump(target: ResourceHandle, partition?: string | null): Promise<void> {
    const path = await this.#path(partition);
    await using stream = await this.resource(target);
    let file: Deno.FsFile;
    try {
      file = await Deno.open(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Deno.errors.NotFound(`nothing was flashed to "${partition ?? "default"}" yet`);
    }
    using _closed = file;
    await sendFile(file, stream);
  }

  async #path(partition: string | null | undefined): Promise<string> {
    this.#dir ??= Deno.makeTempDir({ prefix: "jumpstarter-flasher-" });
    // Encoded, a partition's name is a file's name whatever it holds.
    return `${await this.#dir}/image-${encodeURIComponent(partition ?? "default")}`;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    if (this.#dir === undefined) return;
    await Deno.remove(await this.#dir, { recursive: true });
    this.#dir = undefined;
  }
}
