/**
 * Folders whose process was killed: each holds a file that its process has locked, and the system
 * gives the lock free when the process is gone, however it ended.
 */
const LOCK = "lock";

/**
 * Locks a folder for as long as this process lives. The file gets its name when it is locked, so
 * that one without a lock is never met. Nothing where the file system knows no locks: such a folder
 * is never stale.
 */
export async function takeLock(dir: string): Promise<Disposable | undefined> {
  const path = `${dir}/${LOCK}`;
  const file = await Deno.open(`${path}.new`, { write: true, createNew: true, mode: 0o600 });
  try {
    file.lockSync(true); // nobody else knows the file, so this never waits
    await Deno.rename(`${path}.new`, path);
    return file;
  } catch {
    file.close();
    return undefined;
  }
}

/**
 * Removes the folders beside `own` that processes of the same user have left. One that cannot be
 * looked at or removed stays: it is in nobody's way.
 */
export async function removeStaleDirs(own: string, prefix: string): Promise<void> {
  const parent = own.slice(0, own.lastIndexOf("/"));
  const { uid } = await Deno.lstat(own);
  const entries = await Array.fromAsync(Deno.readDir(parent)).catch(() => []);
  await Promise.all(
    entries
      .filter(({ name, isDirectory }) => isDirectory && name.startsWith(prefix))
      .map(({ name }) => `${parent}/${name}`)
      .filter((path) => path !== own)
      .map((path) => removeIfStale(path, uid).catch(() => {})),
  );
}

async function removeIfStale(path: string, uid: number | null): Promise<void> {
  // In a shared folder anybody may make one of that name; only what is private is ours.
  const info = await Deno.lstat(path);
  if (!info.isDirectory || info.uid !== uid || ((info.mode ?? 0) & 0o777) !== 0o700) return;
  using file = await Deno.open(`${path}/${LOCK}`, { read: true });
  if (await file.tryLock(true)) await Deno.remove(path, { recursive: true });
}
