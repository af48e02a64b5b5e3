/**
 * Configuration files: where they live, what they say, and what is wrong with them, by file, line
 * and key.
 *
 * @module
 */
export { writeAtomically } from "./atomic_file.ts";
export {
  clientPath,
  currentClient,
  deleteClient,
  newClientPath,
  saveClient,
  useClient,
} from "./change_clients.ts";
export { type ClientValues, formatClientFile } from "./client_record.ts";
export {
  createExporter,
  type DeletedExporter,
  deleteExporter,
  newExporterPath,
} from "./change_exporters.ts";
export {
  type DriverNode,
  type GroupNode,
  positionOf,
  type ProxyNode,
  type TypedNode,
} from "./driver_node.ts";
export { type ExporterFile, loadExporterFile, parseExporterFile } from "./exporter_file.ts";
export { exporterRecord, type ExporterValues, formatExporterFile } from "./exporter_record.ts";
export { type EmbeddedText, Fields, type FileContext, type SectionRules } from "./fields.ts";
export type { Hook, Hooks, OnFailure } from "./hooks.ts";
export {
  checkAlias,
  configHome,
  type Environment,
  exporterDirs,
  exporterPaths,
  fileExists,
  findExporter,
  listExporters,
  type LocationOptions,
} from "./locations.ts";
export { nearest } from "./nearest.ts";
export { formatPosition, type SourcePosition } from "./position.ts";
export { readFields } from "./read_fields.ts";
export { fileChanges, type FileChangesOptions } from "./watch_file.ts";
export type { YamlEntry, YamlList, YamlMap, YamlScalar, YamlValue } from "./yaml_value.ts";
