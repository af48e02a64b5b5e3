/**
 * The exporter: sessions that serve the drivers of a file.
 *
 * @module
 */
export { buildTree, type TreePlan } from "./build.ts";
export { chosenFile } from "./chosen_file.ts";
export { recordLine, recordPrinter } from "./record_line.ts";
export { local, type LocalSession, serveLocal } from "./local.ts";
export { LogHub } from "./log_hub.ts";
export { ResourceTable } from "./resources.ts";
export { runCommand } from "./run_command.ts";
export { Session, type SessionOptions, type TreeBuilder } from "./session.ts";
export { SessionServer } from "./session_server.ts";
export { type SessionStatus } from "./status.ts";
export { DeviceTree } from "./tree.ts";
