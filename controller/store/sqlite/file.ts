import { DatabaseSync } from "node:sqlite";
import { UnavailableError } from "../errors.ts";
import { checkFormat, isEmpty, migrate } from "./migrations.ts";

/** Only the owner may read and write: there are tokens and keys inside. */
export const MODE = 0o600;
/** How long a write waits for another program that writes to the file, milliseconds. */
const BUSY_TIMEOUT = 200;
/** What stays of the write-ahead log after a large write, bytes. */
const MAX_LOG = 16 * 1024 * 1024;

/** A database that is kept in memory. */
export const MEMORY = ":memory:";

/** An open database; no other process has it. */
export interface DatabaseFile extends Disposable {
  /** The database. */
  readonly database: DatabaseSync;
}

/**
 * Opens a database for one process alone, creates it when there is none, and brings it up to date.
 * Throws {@linkcode UnavailableError} with what is wrong with the file.
 */
export function openDatabase(path: string): DatabaseFile {
  using resources = new DisposableStack();
  if (path !== MEMORY) {
    resources.use(lock(path));
    // SQLite gives a new file the mode that the umask leaves.
    openFile(path, { read: true, write: true, create: true, mode: MODE }).close();
  }
  const database = explained(path, () => {
    const opened = new DatabaseSync(path);
    resources.defer(() => opened.close());
    opened.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    if (!isEmpty(opened)) checkFormat(opened, path);
    // From here on the file is ours to change.
    if (path !== MEMORY && Deno.build.os !== "windows") Deno.chmodSync(path, MODE);
    opened.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = ${MAX_LOG};
    `);
    checkIntegrity(opened, path);
    migrate(opened);
    return opened;
  });
  const kept = resources.move();
  return { database, [Symbol.dispose]: () => kept.dispose() };
}

/** Does something with a database; what SQLite throws becomes an error that names the file. */
export function explained<R>(path: string, work: () => R): R {
  const fail = (error: unknown): never => {
    throw isSqliteError(error) ? new UnavailableError(explain(path, error), error) : error;
  };
  try {
    const result = work();
    return result instanceof Promise ? result.catch(fail) as R : result;
  } catch (error) {
    return fail(error);
  }
}

/** What SQLite says, and what to do about it. */
const HINTS: readonly [RegExp, string][] = [
  [/not a database/, "it is not a SQLite database; name another file, or restore a backup"],
  [/malformed|corrupt/, "it is damaged; stop the controller, and restore a backup"],
  [/full/, "the disk is full; make room"],
  [/locked|busy/, "another program writes to it; stop that program"],
  [/readonly|read-only/, "it cannot be written; look at the file's owner and mode"],
  [/unable to open/, "it cannot be opened; look at the folder's and the file's owner and mode"],
];

function explain(path: string, { message }: Error): string {
  const hint = HINTS.find(([pattern]) => pattern.test(message));
  return hint === undefined ? `"${path}" fails: ${message}` : `"${path}": ${hint[1]} (${message})`;
}

function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

/** Throws when a database is damaged. */
export function checkIntegrity(database: DatabaseSync, path: string): void {
  const [found = ""] = Object.values(database.prepare("PRAGMA quick_check(1)").get() ?? {});
  if (found === "ok") return;
  throw new UnavailableError(`"${path}" is damaged; restore a backup (${found})`);
}

/**
 * Keeps other processes out with a lock on a file beside the database. It is not on the database
 * itself, so that a backup can be made meanwhile; it ends with the process, however that ends.
 */
export function lock(path: string): Disposable {
  const file = openFile(`${path}.lock`, { read: true, write: true, create: true, mode: MODE });
  try {
    if (!file.tryLockSync(true)) throw new UnavailableError(inUse(path, readText(file)));
    file.truncateSync();
    file.writeSync(new TextEncoder().encode(String(Deno.pid)));
  } catch (error) {
    file.close();
    throw error;
  }
  // The file stays: removing it would let two others in who opened it before and after.
  return { [Symbol.dispose]: () => file.close() };
}

function inUse(path: string, pid: string): string {
  const who = /^\d+$/.test(pid) ? `process ${pid}` : "another process";
  return `"${path}" is in use by ${who}; stop it first, or name another file`;
}

function readText(file: Deno.FsFile): string {
  const buffer = new Uint8Array(32);
  const length = file.readSync(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

/** Opens a file; what the system says becomes an error that names it. */
export function openFile(path: string, options: Deno.OpenOptions): Deno.FsFile {
  try {
    return Deno.openSync(path, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(`"${path}" cannot be opened: ${why}`, error);
  }
}
