/** A disk that is soon full. */
import { run, tempDir } from "../support/programs.ts";

/** A disk of so many megabytes; nothing where none can be mounted, which takes root on Linux. */
export async function smallDisk(
  megabytes = 1,
): Promise<(AsyncDisposable & { path: string }) | undefined> {
  const dir = await tempDir();
  const mount = ["mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", dir.path] as const;
  const isMounted = await run([...mount]).then(({ status }) => status === 0, () => false);
  if (!isMounted) {
    await dir[Symbol.asyncDispose]();
    return undefined;
  }
  return {
    path: dir.path,
    async [Symbol.asyncDispose]() {
      await run(["umount", dir.path]);
      await dir[Symbol.asyncDispose]();
    },
  };
}

async function canMount(): Promise<boolean> {
  await using disk = await smallDisk();
  return disk !== undefined;
}

/** Whether there can be one. */
export const hasDisk: boolean = await canMount();
