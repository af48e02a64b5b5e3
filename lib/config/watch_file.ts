import { dirname, resolve } from "node:path";

/** Editors write a file in several steps; milliseconds of quiet that end a change. */
const QUIET = 200;
/** A file is looked at so often: no event tells of what others do in a folder of theirs. */
const LOOK_INTERVAL = 10_000;

/** How {@linkcode fileChanges} looks. */
export interface FileChangesOptions {
  /** How often a file is looked at that no event tells of, milliseconds; every 10 s unless given. */
  readonly lookInterval?: number;
}

/**
 * Yields once after each change of a file, also one that is replaced or comes back, or one that links
 * in its folder lead to: Kubernetes changes what it mounts so. A change that the system does not tell
 * of, as on the disks of other machines, is seen within seconds.
 */
export async function* fileChanges(
  path: string,
  signal: AbortSignal,
  { lookInterval = LOOK_INTERVAL }: FileChangesOptions = {},
): AsyncGenerator<void> {
  const file = resolve(path);
  // A file that is replaced is another one: only its folder tells.
  using watcher = Deno.watchFs(dirname(file), { recursive: false });
  const stop = () => watcher.close();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  let look = Promise.withResolvers<"look">();
  const timer = setInterval(() => look.resolve("look"), lookInterval);
  let state = await stateOf(file);
  try {
    const events = watcher[Symbol.asyncIterator]();
    let told = events.next();
    const next = async (): Promise<"changed" | "closed"> => {
      for (;;) {
        const event = await Promise.race([told, look.promise]);
        let isOwn = false;
        if (event === "look") look = Promise.withResolvers();
        else {
          if (event.done) return "closed";
          told = events.next();
          const { kind, paths } = event.value;
          isOwn = paths.includes(file);
          // What is written into another file changes no link.
          if (kind === "access" || (kind === "modify" && !isOwn)) continue;
        }
        const before = state;
        state = await stateOf(file);
        if (isOwn || state !== before) return "changed";
      }
    };
    for (let event = next(); await event === "changed";) {
      event = next();
      while (await raceQuiet(event) === "changed") event = next();
      yield;
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Where links lead to, and what is there; nothing for a file that is not there. */
async function stateOf(file: string): Promise<string | undefined> {
  try {
    const [place, { mtime, size, ino }] = await Promise.all([
      Deno.realPath(file),
      Deno.stat(file),
    ]);
    return [place, mtime?.getTime(), size, ino].join(" ");
  } catch {
    return undefined;
  }
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
