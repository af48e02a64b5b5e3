import type { ExporterFile } from "@jumpstarter/lib/config";
import { Logger } from "@jumpstarter/lib/driver";
import { NewestFile } from "./newest_file.ts";
import { type DirectOptions, type DirectSession, serveDirect } from "./serve.ts";

/**
 * Serves a file as {@linkcode serveDirect} does, and anew when the file has changed and no client is
 * connected. One that is not valid is named in the log, and what runs stays; one that is, and yet does
 * not start, gives way to the one before. A hook that wants the exporter to exit ends it.
 */
export async function serveWatched(first: ExporterFile, options: DirectOptions): Promise<number> {
  const { signal, onServing } = options;
  const log = new Logger({ name: "exporter.watch", source: "system", sink: options.log });
  await using newest = new NewestFile(first.path, log);
  let file = first;
  /** Ran before, and is there for as long as the present one has not started. */
  let before: ExporterFile | undefined;
  for (;;) {
    const [over, replaced] = [new AbortController(), new AbortController()];
    const replace = async (session: DirectSession) => {
      await newest.ready((until) => session.idle(until), over.signal);
      replaced.abort();
    };
    try {
      const code = await serveDirect(file, {
        ...options,
        signal: AbortSignal.any([signal, replaced.signal]),
        onServing(session) {
          before = undefined;
          onServing?.(session);
          void replace(session);
        },
      });
      if (code !== 0 || signal.aborted) return code;
      const newer = newest.take();
      // It may have become invalid meanwhile: then what ran goes on.
      if (newer !== undefined) [before, file] = [file, newer];
    } catch (error) {
      if (before === undefined || signal.aborted) throw error;
      log.error(`${file.path} does not start, what ran before does: ${(error as Error).message}`);
      [before, file] = [undefined, before];
    } finally {
      over.abort();
    }
  }
}
