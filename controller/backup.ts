/** Copies of a whole lab: its store, its certificates and the administrator's credential. */
import { writeAtomically } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { backupSqliteStore, restoreSqliteStore, StoreError } from "./store/mod.ts";

const STORE = "store.sqlite";
/** What lies beside the store, and its mode; without the keys nobody would trust the lab again. */
const FILES: Readonly<Record<string, number>> = {
  "ca.pem": 0o644,
  "ca-key.pem": 0o600,
  "server.pem": 0o644,
  "server-key.pem": 0o600,
  "admin-token": 0o600,
};

/**
 * Copies the lab in a folder into a new folder, as it is at one moment; its controller may go on.
 *
 * @throws {ConfigError} when there is no lab, or the new folder is there already
 */
export async function backupLab(data: string, target: string): Promise<void> {
  const part = `${target}.part`;
  if (await isThere(target)) {
    throw new ConfigError(`${target} is there already; name another folder for the backup`);
  }
  await removeIfThere(part);
  try {
    await Deno.mkdir(part, { recursive: true, mode: 0o700 });
    await plain(() => backupSqliteStore(`${data}/${STORE}`, `${part}/${STORE}`));
    await copyFiles(data, part);
    await Deno.rename(part, target);
  } finally {
    await removeIfThere(part);
  }
}

/**
 * Puts a backup into a folder whose lab, if there is one, nobody serves. The store that was there stays
 * beside it, as `store.sqlite.before-restore`.
 *
 * @throws {ConfigError} when a controller serves the folder, or the backup is none; then nothing has
 * changed
 */
export async function restoreLab(source: string, data: string): Promise<void> {
  if (!await isThere(`${source}/${STORE}`)) {
    throw new ConfigError(`${source} is no backup: it has no ${STORE}`);
  }
  await Deno.mkdir(data, { recursive: true, mode: 0o700 });
  await plain(() => restoreSqliteStore(`${source}/${STORE}`, `${data}/${STORE}`));
  await copyFiles(source, data);
}

async function copyFiles(from: string, to: string): Promise<void> {
  for (const [name, mode] of Object.entries(FILES)) {
    if (!await isThere(`${from}/${name}`)) continue; // given certificates are kept elsewhere
    await writeAtomically(`${to}/${name}`, await Deno.readTextFile(`${from}/${name}`), mode);
  }
}

/** What a store says has the status of an HTTP answer, which is none of a program. */
async function plain(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    throw new ConfigError(cause.message, { cause });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  if (await isThere(path)) await Deno.remove(path, { recursive: true });
}
