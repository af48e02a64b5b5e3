import { basename } from "node:path";
import type { CommandIo } from "@jumpstarter/lib/commands";
import type { TransferOptions, Transferred } from "@jumpstarter/lib/driver";
import { formatBytes, type ImageSink, type ImageSource, webUrl } from "@jumpstarter/lib/streams";

/** A path as it was typed, from where it was typed; a URL as it is. */
export function resolvePath(io: CommandIo, path: string): string {
  return path.startsWith("/") || webUrl(path) !== undefined ? path : `${io.cwd}/${path}`;
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

/** Where an image comes from, as it was typed: a path, a URL, or `-` for standard input. */
export function sourceOf(io: CommandIo, place: string): ImageSource {
  return place === "-" ? inputStream(io) : resolvePath(io, place);
}

/** Where a dump goes, as it was typed: a path, a URL, or `-` for standard output. */
export function sinkOf(io: CommandIo, place: string): ImageSink {
  return place === "-" ? outputStream(io) : resolvePath(io, place);
}

/** A place for people: the last part of its path, and of a URL nothing that may be a secret. */
export function nameOf(place: string): string {
  const url = webUrl(place);
  if (url === undefined) return basename(place);
  return URL.parse(url)?.pathname.split("/").at(-1) || "URL";
}

/** What is told of a transfer that is done. */
export function summary(what: string, { bytes, sha256 }: Transferred, started: number): string {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  // Of what the exporter moved by itself, nothing more is known here.
  return sha256 === ""
    ? `✓ ${what} in ${seconds} s`
    : `✓ ${what}: ${formatBytes(bytes)} in ${seconds} s, sha256 ${sha256}`;
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
    onNote: (text) => io.note(text),
    onProgress: (bytes, total) => progress.update(bytes, total),
  });
  progress[Symbol.dispose]();
  await io.note(summary(what, done, started));
}
