import { dirname } from "node:path";
import { ConfigError } from "../errors.ts";

/**
 * Writes a file that only its owner may read unless `mode` says otherwise, whole or not at all: into
 * a file beside it, which then takes its place. Missing folders are made.
 *
 * @throws {ConfigError} when it cannot be written
 */
export async function writeAtomically(
  path: string,
  text: string,
  mode: number = 0o600,
): Promise<void> {
  const dir = dirname(path);
  const temporary = `${dir}/.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(dir, { recursive: true });
    try {
      await writeSynced(temporary, text, mode);
      await Deno.rename(temporary, path);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {}); // it may never have come to be
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`${path} cannot be written: ${reason}`, { cause: error });
  }
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode });
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}
