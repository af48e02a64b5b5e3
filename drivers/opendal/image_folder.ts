import { type ByteStream, readAll, writeFully } from "@jumpstarter/lib/streams";
import { sendFile } from "./send_file.ts";

/** Images in a temporary folder, which is made with the first one. */
export class ImageFolder implements AsyncDisposable {
  #dir: Promise<string> | undefined;

  /** Keeps what a stream holds. An image appears when it is whole: one that breaks off leaves the old. */
  async write(name: string, stream: ByteStream): Promise<void> {
    const path = await this.#path(name);
    const partial = `${path}.${crypto.randomUUID()}`;
    try {
      using file = await Deno.open(partial, { write: true, createNew: true });
      for await (const chunk of readAll(stream)) await writeFully(file, chunk);
      await Deno.rename(partial, path);
    } catch (error) {
      await Deno.remove(partial).catch(() => {}); // what failed first is the error to tell
      throw error;
    }
  }

  /** Sends an image; whether there is one. */
  async read(name: string, stream: ByteStream): Promise<boolean> {
    let file: Deno.FsFile;
    try {
      file = await Deno.open(await this.#path(name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
    using _closed = file;
    await sendFile(file, stream);
    return true;
  }

  async #path(name: string): Promise<string> {
    this.#dir ??= Deno.makeTempDir({ prefix: "jumpstarter-images-" });
    // Encoded, a name is a file's name whatever it holds.
    return `${await this.#dir}/image-${encodeURIComponent(name)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#dir === undefined) return;
    await Deno.remove(await this.#dir, { recursive: true });
    this.#dir = undefined;
  }
}
