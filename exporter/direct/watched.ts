import { type ExporterFile, loadExporterFile } from "@jumpstarter/lib/config";
import { Logger } from "@jumpstarter/lib/driver";
import { checkPlan } from "../driver_settings.ts";
import { fileChanges } from "../watch_file.ts";
import { type DirectOptions, type DirectSession, serveDirect } from "./serve.ts";

/**
 * Serves a file as {@linkcode serveDirect} does, and anew when the file has changed and no client is
 * connected. One that is not valid is named in the log, and what runs stays.
 */
export async function serveWatched(first: ExporterFile, options: DirectOptions): Promise<number> {
  const log = new Logger({ name: "exporter.watch", source: "system", sink: options.log });
  for (let file = first;;) {
    const [over, replaced] = [new AbortController(), new AbortController()];
    const until = AbortSignal.any([options.signal, over.signal]);
    let newer: ExporterFile | undefined;
    const watch = async (session: DirectSession) => {
      newer = await replacement(file.path, session, log, until);
      replaced.abort();
    };
    const signal = AbortSignal.any([options.signal, replaced.signal]);
    const onServing = (session: DirectSession) => {
      options.onServing?.(session);
      void watch(session);
    };
    const code = await serveDirect(file, { ...options, signal, onServing })
      .finally(() => over.abort());
    if (newer === undefined) return code;
    file = newer;
  }
}

/** Waits for a changed file that is valid, and then for the moment to take it. */
async function replacement(
  path: string,
  session: DirectSession,
  log: Logger,
  signal: AbortSignal,
): Promise<ExporterFile | undefined> {
  const found = new AbortController();
  const changes = fileChanges(path, AbortSignal.any([signal, found.signal]));
  for (let change = changes.next(); !(await change).done;) {
    const newer = await load(path, log);
    change = changes.next();
    if (newer === undefined) continue;
    log.info(`${path} has changed; it is taken as soon as no client is connected`);
    const again = new AbortController();
    void change.then(() => again.abort());
    await session.idle(again.signal);
    if (again.signal.aborted) continue;
    found.abort();
    return newer;
  }
  return undefined;
}

async function load(path: string, log: Logger): Promise<ExporterFile | undefined> {
  try {
    const file = await loadExporterFile(path);
    await checkPlan(file);
    return file;
  } catch (error) {
    log.error(`${path} is not taken, what runs stays: ${(error as Error).message}`);
    return undefined;
  }
}
