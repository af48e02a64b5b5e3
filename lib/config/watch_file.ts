import { dirname, resolve } from "node:path";

/** Editors write a file in several steps; milliseconds of quiet that end a change. */
const QUIET = 200;
/** A file is looked at so often: no event tells of what others do in a folder of theirs. */
const LOOK_INTERVAL = 10_000;

/** How {@linkcode fileChanges} looks. */
export interface FileChangesOptions {
  /** How often a file is looked at that no event tells of, milliseconds; every 10 s unless given. */
  readonly lookInterval?: number;
  /**
   * Whether to listen to what the system tells of the file's folder; yes unless given. It tells of
   * every write to every file there, which is costly beside a database.
   */
  readonly events?: boolean;
}

/**
 * Yields once after each change of a file, also one that is replaced or comes back, or one that links
 * in its folder lead to: Kubernetes changes what it mounts so. A change that the system does not tell
 * of, as on the disks of other machines, is seen within seconds.
 */
export async function* fileChanges(
  path: string,
  signal: AbortSignal,
  options: FileChangesOptions = {},
): AsyncGenerator<void> {
  const file = resolve(path);
  using signs = new Signs(file, signal, options);
  let state = await stateOf(file);
  while (await signs.next()) {
    if (!signs.areSure && await stateOf(file) === state) continue;
    do {
      signs.areSure = false;
      state = await stateOf(file);
      await pause(QUIET, signal);
    } while (!signal.aborted && (signs.areSure || await stateOf(file) !== state));
    yield;
  }
}

/** Signs that a file may have changed: events of its folder, and the time. */
class Signs implements Disposable {
  /** Whether there was one that leaves no doubt. */
  areSure = false;
  readonly #signal: AbortSignal;
  readonly #watcher: Deno.FsWatcher | undefined;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #wake = () => this.#due.resolve();
  #due = Promise.withResolvers<void>();

  constructor(
    file: string,
    signal: AbortSignal,
    { lookInterval = LOOK_INTERVAL, events = true }: FileChangesOptions,
  ) {
    this.#signal = signal;
    if (events) {
      // A file that is replaced is another one: only its folder tells.
      this.#watcher = Deno.watchFs(dirname(file), { recursive: false });
      // Should the system cease to tell, the file is looked at all the same.
      this.#listen(this.#watcher, file).catch(() => {});
    }
    this.#timer = setInterval(this.#wake, lookInterval);
    signal.addEventListener("abort", this.#wake);
  }

  /** Waits for a sign; false when it is over. */
  async next(): Promise<boolean> {
    if (!this.#signal.aborted) await this.#due.promise;
    this.#due = Promise.withResolvers();
    return !this.#signal.aborted;
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#wake);
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  async #listen(watcher: Deno.FsWatcher, file: string): Promise<void> {
    for await (const { kind, paths } of watcher) {
      const isOwn = paths.includes(file);
      // What is written into another file changes no link.
      if (kind === "access" || (kind === "modify" && !isOwn)) continue;
      this.areSure ||= isOwn;
      this.#wake();
    }
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

async function pause(time: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  const timer = setTimeout(done, time);
  signal.addEventListener("abort", done);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", done);
}
