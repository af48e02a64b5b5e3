/**
 * The drivers: their registry by the `type` of exporter files, and the clients and `j` commands by
 * the labels of reports. Each driver has an entry of its own beside this one.
 *
 * @module
 */
export { type ClientEntry, clientEntry, type CommandsOf } from "./command_registry.ts";
export { driverClass, driverTypes } from "./registry.ts";
