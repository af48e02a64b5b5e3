import { UsageError } from "@jumpstarter/lib/errors";

/**
 * Removes a socket that an exporter which was killed has left at a path. Fails with `UsageError`
 * when somebody listens there, or when something else is there.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const info = await Deno.lstat(path).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isSocket) {
    throw new UsageError(`${path} is there, and it is no socket; give another path`);
  }
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    return await Deno.remove(path);
  }
  throw new UsageError(`another program serves on ${path}; give another path`);
}
