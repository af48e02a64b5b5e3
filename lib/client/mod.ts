/**
 * Sessions on an exporter and the tree of driver clients in it.
 *
 * @module
 */
export type { Access } from "./access.ts";
export { AllowList } from "./allow_list.ts";
export { type Board, BoardSession, type ClientsOf, type Shape, ShapeError } from "./board.ts";
export { SessionConnection, UnreachableError } from "./connection.ts";
export {
  dial,
  type DialOptions,
  direct,
  type DirectOptions,
  type NetworkEndpoint,
  networkEndpoint,
} from "./direct.ts";
export { connect, type ConnectOptions, env, openBoard } from "./env.ts";
export { type ExporterState, statusWord } from "./exporter_state.ts";
export { followLogs } from "./follow_logs.ts";
export { logRecords } from "./logs.ts";
export { awaitReady, failureOf, onOneLine, warningOf } from "./readiness.ts";
export { type SessionEnvironment, sessionEnvironment } from "./session_environment.ts";
export { StatusMonitor, type StatusSource, type WaitOptions } from "./status_monitor.ts";
export { buildTree, CLIENT_LABEL, clientLabel, NAME_LABEL } from "./tree.ts";
