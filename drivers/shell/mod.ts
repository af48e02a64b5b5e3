/**
 * Scripts of the exporter's file as methods: for what has a command line and no driver yet.
 *
 * @module
 */
export { type RunOptions, type ScriptOutput, type ScriptResult, ShellClient } from "./client.ts";
export { type ScriptItem, Shell } from "./driver.ts";
export type { MethodConfig, ShellConfig } from "./schemas.ts";
