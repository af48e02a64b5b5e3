import type { CommandIo } from "@jumpstarter/lib/commands";
import type { TransferOptions, Transferred } from "@jumpstarter/lib/driver";
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

/** Shows a transfer while it runs, and what came of it. */
export async function showTransfer(
  io: CommandIo,
  label: string,
  what: string,
  transfer: (options: TransferOptions) => Promise<Transferred>,
): Promise<void> {
  const started = performance.now();
  using progress = io.progress(label);
  const done = await transfer({
    signal: io.signal,
    onProgress: (bytes, total) => progress.update(bytes, total),
  });
  progress[Symbol.dispose]();
  await io.note(summary(what, done, started));
}
