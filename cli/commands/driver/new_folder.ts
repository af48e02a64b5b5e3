import { JumpstarterError, UsageError } from "@jumpstarter/lib/errors";
import { dirname, join } from "node:path";

/**
 * Makes a folder with files in it, whole or not at all: it gets its name when all is written. Fails
 * with `UsageError` when something has that name, or there is no folder for it to be in.
 */
export async function newFolder(path: string, files: Record<string, string>): Promise<void> {
  if (await Deno.lstat(path).then(() => true, () => false)) {
    throw new UsageError(`${path} is there already; choose another name`);
  }
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  try {
    await Deno.mkdir(temporary);
  } catch (error) {
    throw cannotMake(path, error);
  }
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(temporary, name), text);
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true });
    throw cannotMake(path, error);
  }
}

function cannotMake(path: string, cause: unknown): JumpstarterError {
  if (cause instanceof Deno.errors.NotFound) {
    const parent = dirname(path);
    return new UsageError(`there is no folder ${parent}; make it, or give another by --dir`, {
      cause,
    });
  }
  const reason = (cause as Error).message;
  return new JumpstarterError("file", `cannot make ${path}: ${reason}`, { cause });
}
