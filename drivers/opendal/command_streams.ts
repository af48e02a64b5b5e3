import type { CommandIo } from "@jumpstarter/lib/commands";
import type { Transferred } from "@jumpstarter/lib/driver";
import { formatBytes } from "@jumpstarter/lib/streams";

/** A path as it was typed, from where it was typed. */
export function resolvePath(io: CommandIo, path: string): string {
  return path.startsWith("/") ? path : `${io.cwd}/${path}`;
}

/** Standard input as an image. */
export function inputStream(io: CommandIo): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const chunk = await io.input.read();
      if (chunk === null) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

/** Standard output as the place for a dump. */
export function outputStream(io: CommandIo): WritableStream<Uint8Array> {
  return new WritableStream({ write: (chunk) => io.write(chunk) });
}

/** What is told of a transfer that is done. */
export function summary(what: string, { bytes, sha256 }: Transferred, started: number): string {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return `✓ ${what}: ${formatBytes(bytes)} in ${seconds} s, sha256 ${sha256}`;
}
