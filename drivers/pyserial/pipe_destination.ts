import type { CommandIo } from "@jumpstarter/lib/commands";
import { JumpstarterError, UsageError } from "@jumpstarter/lib/errors";
import { systemReason, writeFully } from "@jumpstarter/lib/streams";

/** Where the bytes of a port go. */
export interface Destination extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>;
}

/** Takes everything and keeps nothing. */
export const discard: Destination = {
  write: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** A file, new or added to, or standard output. */
export async function openDestination(
  path: string | undefined,
  isAppending: boolean,
  io: CommandIo,
): Promise<Destination> {
  if (path === undefined) return { ...discard, write: (bytes) => io.write(bytes) };
  const file = await openFile(path, isAppending);
  return {
    async write(bytes) {
      try {
        await writeFully(file, bytes);
      } catch (cause) {
        throw new JumpstarterError("not_written", refusal(path, cause), { cause });
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(file.close()),
  };
}

async function openFile(path: string, isAppending: boolean): Promise<Deno.FsFile> {
  const mode = isAppending ? { append: true } : { write: true, truncate: true };
  try {
    return await Deno.open(path, { create: true, ...mode });
  } catch (cause) {
    throw new UsageError(refusal(path, cause), { cause });
  }
}

function refusal(path: string, cause: unknown): string {
  return `cannot write ${path}: ${systemReason(cause)}`;
}
