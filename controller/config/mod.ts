/**
 * What an administrator decides about a controller, in a file: ours, or that of the Go controller.
 *
 * @module
 */
export {
  type ControllerConfig,
  DEFAULT_SETTINGS,
  type LiveSettings,
  RECORD_SEVERITIES,
  type RecordSeverity,
  type RouterEntry,
  type StartSettings,
  type TelemetrySettings,
} from "./controller_config.ts";
export { loadControllerFile, parseControllerFile } from "./controller_file.ts";
export { type EnvironmentSettings, readEnvironment } from "./environment.ts";
export { FollowedFiles, type FollowOptions } from "./follow_files.ts";
export { isPem } from "./start_settings.ts";
