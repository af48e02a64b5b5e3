import { ConfigError } from "../errors.ts";
import { writeAtomically } from "./atomic_file.ts";
import { type ExporterValues, formatExporterFile } from "./exporter_record.ts";
import { checkAlias, exporterPaths, fileExists, type LocationOptions } from "./locations.ts";

/**
 * Writes the file of a new exporter into the user's directory, readable by its owner only; its
 * path. Fails with `ConfigError` when the user has one of this alias; one of the system is hidden.
 */
export async function createExporter(
  alias: string,
  values: ExporterValues,
  options?: LocationOptions,
): Promise<string> {
  const path = await newExporterPath(alias, options);
  await writeAtomically(path, await formatExporterFile(values));
  return path;
}

/** Where {@linkcode createExporter} would write; fails like it when there is a file already. */
export async function newExporterPath(alias: string, options?: LocationOptions): Promise<string> {
  checkAlias(alias);
  const { user } = exporterPaths(alias, options);
  if (!await fileExists(user)) return user;
  throw new ConfigError(`exporter "${alias}" exists; ${user} is its file`);
}

/** What {@linkcode deleteExporter} did. */
export interface DeletedExporter {
  /** The file that is gone. */
  readonly path: string;
  /** The file of the system that the alias names from now on. */
  readonly uncovered?: string;
}

/** Deletes the user's file of an exporter. Fails with `ConfigError` when there is none. */
export async function deleteExporter(
  alias: string,
  options?: LocationOptions,
): Promise<DeletedExporter> {
  checkAlias(alias);
  const { user, system } = exporterPaths(alias, options);
  const isShared = await fileExists(system);
  if (!await fileExists(user)) {
    throw new ConfigError(
      isShared
        ? `exporter "${alias}" exists only in the system location ${system} and cannot be deleted`
        : `exporter "${alias}" does not exist`,
    );
  }
  try {
    await Deno.remove(user);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new ConfigError(`${user} cannot be deleted: ${reason}`, { cause: error });
  }
  return isShared ? { path: user, uncovered: system } : { path: user };
}
