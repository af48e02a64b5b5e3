import {
  clientPath,
  createExporter,
  deleteClient,
  deleteExporter,
  exporterPaths,
  formatClientFile,
  formatExporterFile,
  newClientPath,
  newExporterPath,
  saveClient,
} from "@jumpstarter/lib/config";
import type { ClientValues } from "@jumpstarter/lib/config";
import { type AdminKind, CLIENT, EXPORTER } from "./kinds.ts";

/** Which driver packages a client of the Python peer loads. */
export type Drivers = ClientValues["drivers"];
/** What it takes to connect. */
export type Credentials = Omit<ClientValues, "drivers">;

/** A kind of object that connects to a controller, with a file that says how. */
export interface Member {
  readonly kind: AdminKind;
  /** Its name at the start of a sentence. */
  readonly title: string;
  /** The kind of its files. */
  readonly configKind: string;
  /** The file of an alias in the user's folder. */
  path(alias: string): string;
  /** The file of an alias that all users of the machine share, where there are such. */
  sharedPath?(alias: string): string;
  /** Fails with `ConfigError` when the alias has a file. */
  checkNew(alias: string): Promise<unknown>;
  /** Writes the file of a new alias; its path. */
  save(alias: string, credentials: Credentials, drivers: Drivers): Promise<string>;
  /** Deletes the file of an alias. */
  forget(alias: string): Promise<unknown>;
  /** The text of such a file. */
  format(credentials: Credentials, drivers: Drivers): Promise<string>;
}

/** One who leases exporters. */
export const CLIENT_MEMBER: Member = {
  kind: CLIENT,
  title: "Client",
  configKind: "ClientConfig",
  path: (alias) => clientPath(alias),
  checkNew: (alias) => newClientPath(alias),
  save: (alias, credentials, drivers) => saveClient(alias, { ...credentials, drivers }),
  forget: (alias) => deleteClient(alias),
  format: (credentials, drivers) => formatClientFile({ ...credentials, drivers }),
};

/** One that serves a board. */
export const EXPORTER_MEMBER: Member = {
  kind: EXPORTER,
  title: "Exporter",
  configKind: "ExporterConfig",
  path: (alias) => exporterPaths(alias).user,
  sharedPath: (alias) => exporterPaths(alias).system,
  checkNew: (alias) => newExporterPath(alias),
  save: (alias, credentials) => createExporter(alias, credentials),
  forget: (alias) => deleteExporter(alias),
  format: (credentials) => formatExporterFile(credentials),
};
