/**
 * The exporter: sessions that serve the drivers of a file.
 *
 * @module
 */
export { buildTree } from "./build.ts";
export { type TreePlan } from "./tree_plan.ts";
export { chosenFile } from "./chosen_file.ts";
export { local, type LocalSession, serveLocal } from "./local.ts";
export { type ExporterLog, exporterLog, type ExporterLogOptions } from "./log/exporter_log.ts";
export { type LogContext } from "./log/json_line.ts";
export { LogHub } from "./log/log_hub.ts";
export { ResourceTable } from "./resources.ts";
export { Session, type SessionOptions, type TreeBuilder } from "./session.ts";
export { logStrays } from "./strays.ts";
export { SessionServer } from "./session_server.ts";
export { type SessionStatus } from "./status.ts";
export { DeviceTree } from "./tree.ts";
