/**
 * The `j` commands of a driver: a table from which `j`, its help, completion and reference pages
 * are made.
 *
 * @module
 */
export { type Command, command, type Commands, type CommandSpec } from "./command.ts";
export type { CommandIo, Input, Progress, Terminal } from "./io.ts";
export {
  choice,
  flag,
  integer,
  optional,
  type Parameter,
  path,
  repeated,
  seconds,
  text,
  type ValueOf,
  type Values,
  withDefault,
} from "./parameter.ts";
