/**
 * Sessions on an exporter and the tree of driver clients in it.
 *
 * @module
 */
export { AllowList } from "./allow_list.ts";
export { type Board, BoardSession, type ClientsOf, type Shape, ShapeError } from "./board.ts";
export { SessionConnection } from "./connection.ts";
export { connect, type ConnectOptions, env } from "./env.ts";
export { buildTree, CLIENT_LABEL, clientLabel, NAME_LABEL } from "./tree.ts";
