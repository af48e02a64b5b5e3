/** Copies of the embedded store: made while it is in use, put back while it is not. */
import { backup, DatabaseSync } from "node:sqlite";
import { UnavailableError } from "./errors.ts";
import { checkIntegrity, explained, lock, MODE, openFile } from "./sqlite/file.ts";
import { checkFormat } from "./sqlite/migrations.ts";

/** All pages at once: a copy in parts starts anew whenever somebody writes in between. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies a store to a new file, as it is at one moment; the controller may go on using it. The copy
 * is checked before it gets its name. It takes the loop's time: run it in a process of its own.
 *
 * Rejects with {@linkcode UnavailableError} when there is no store, or the new file exists already.
 */
export async function backupSqliteStore(path: string, target: string): Promise<void> {
  if (exists(target)) {
    throw new UnavailableError(`"${target}" exists already; name another file for the backup`);
  }
  await copy(path, target);
}

/**
 * Puts a backup in the place of a store that no process uses. The store that was there stays beside
 * it, as `PATH.before-restore`.
 *
 * Rejects with {@linkcode UnavailableError} when the store is in use, or the backup is none; then
 * nothing has changed.
 */
export async function restoreSqliteStore(source: string, path: string): Promise<void> {
  using _ours = lock(path);
  const fresh = `${path}.restored`;
  removeIfThere(fresh);
  await copy(source, fresh);
  setAside(path, `${path}.before-restore`);
  Deno.renameSync(fresh, path);
}

async function copy(source: string, target: string): Promise<void> {
  if (!exists(source)) {
    throw new UnavailableError(`"${source}" does not exist; name a store's file`);
  }
  const part = `${target}.part`;
  removeIfThere(part);
  // SQLite gives a new file the mode that the umask leaves.
  openFile(part, { write: true, createNew: true, mode: MODE }).close();
  try {
    await explained(source, async () => {
      const from = new DatabaseSync(source, { readOnly: true });
      try {
        checkIntegrity(from, source);
        checkFormat(from, source);
        await backup(from, part, { rate: ALL_PAGES });
      } finally {
        from.close();
      }
    });
    // Opened for writing, so that its log goes with the last connection.
    explained(part, () => {
      const copied = new DatabaseSync(part);
      try {
        checkIntegrity(copied, part);
      } finally {
        copied.close();
      }
    });
    using file = openFile(part, { read: true, write: true });
    file.syncDataSync();
    Deno.renameSync(part, target);
  } finally {
    removeIfThere(part);
  }
}

/** Moves a store away, with what its log still holds. */
function setAside(path: string, aside: string): void {
  if (!exists(path)) return;
  // A log that were left over would be taken for one of the new file.
  for (const ending of ["", "-wal", "-shm"]) removeIfThere(aside + ending);
  for (const ending of ["-wal", "-shm", ""]) {
    if (exists(path + ending)) Deno.renameSync(path + ending, aside + ending);
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function removeIfThere(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}
