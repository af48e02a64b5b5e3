import type { CommandIo } from "@jumpstarter/lib/commands";
import {
  createExporter,
  formatClientFile,
  formatExporterFile,
  newClientPath,
  newExporterPath,
  saveClient,
  writeAtomically,
} from "@jumpstarter/lib/config";
import { resolve } from "node:path";
import type { Credentials } from "./credentials.ts";
import { type AdminKind, CLIENT } from "./kinds.ts";

/** Where a file goes, and what else it says. */
export interface Destination {
  /** The file; by default that of the alias `name` in the user's folder. */
  readonly out: string | undefined;
  /** What a client's file says of driver packages. */
  readonly drivers: { readonly allow: readonly string[]; readonly unsafe: boolean };
}

/** Refuses a file of an alias that is there already, before anything is done. */
export async function checkNew({ name: kind }: AdminKind, alias: string): Promise<void> {
  await (kind === CLIENT.name ? newClientPath(alias) : newExporterPath(alias));
}

/** Writes the file with which a client or an exporter connects; its path. */
export async function save(
  { name: kind }: AdminKind,
  credentials: Credentials,
  { out, drivers }: Destination,
  io: CommandIo,
): Promise<string> {
  const isClient = kind === CLIENT.name;
  const { name } = credentials;
  if (out === undefined) {
    return isClient
      ? await saveClient(name, { ...credentials, drivers })
      : await createExporter(name, credentials);
  }
  const path = resolve(io.cwd, out);
  await writeAtomically(
    path,
    isClient
      ? await formatClientFile({ ...credentials, drivers })
      : await formatExporterFile(credentials),
  );
  return path;
}
