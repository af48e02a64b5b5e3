import { dirname, resolve } from "node:path";

/** Editors write a file in several steps; milliseconds of quiet that end a change. */
const QUIET = 200;

/**
 * Yields once after each change of a file, also one that is replaced or comes back, or one that links
 * in its folder lead to: Kubernetes changes what it mounts so.
 */
export async function* fileChanges(path: string, signal: AbortSignal): AsyncGenerator<void> {
  const file = resolve(path);
  // A file that is replaced is another one: only its folder tells.
  using watcher = Deno.watchFs(dirname(file), { recursive: false });
  const stop = () => watcher.close();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  let place = await placeOf(file);
  try {
    const events = watcher[Symbol.asyncIterator]();
    const next = async (): Promise<"changed" | "closed"> => {
      for (;;) {
        const { value, done } = await events.next();
        if (done) return "closed";
        if (value.kind === "access") continue;
        const before = place;
        place = await placeOf(file);
        if (value.paths.includes(file) || place !== before) return "changed";
      }
    };
    for (let event = next(); await event === "changed";) {
      event = next();
      while (await raceQuiet(event) === "changed") event = next();
      yield;
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Where links lead to; nothing for a file that is not there. */
async function placeOf(file: string): Promise<string | undefined> {
  return await Deno.realPath(file).catch(() => undefined);
}

async function raceQuiet<Event>(event: Promise<Event>): Promise<Event | "quiet"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const quiet = new Promise<"quiet">((resolve) =>
    timer = setTimeout(() => resolve("quiet"), QUIET)
  );
  try {
    return await Promise.race([event, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
