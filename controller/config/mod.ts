/**
 * What an administrator decides about a controller, in a file: ours, or that of the Go controller.
 *
 * @module
 */
export {
  type ControllerConfig,
  DEFAULT_SETTINGS,
  type LiveSettings,
  type RouterEntry,
  type StartSettings,
} from "./controller_config.ts";
export { loadControllerFile, parseControllerFile } from "./controller_file.ts";
export { followFile, type FollowOptions } from "./follow_file.ts";
