/**
 * What a program of ours is made of: its commands, its command line, its terminal, its signals and
 * its exit statuses.
 *
 * @module
 */
export { atExit } from "./at_exit.ts";
export { type CliCommand, cliCommand, CLOSE_TIME } from "./cli_command.ts";
export { cut, hanging } from "./fit.ts";
export { type Globals, readGlobals } from "./globals.ts";
export { EXIT, explain } from "./failure.ts";
export { type CommandGroup, findEntry, type Found, isGroup, type ProgramEntry } from "./group.ts";
export { type LogFormat, logOptions } from "./log_options.ts";
export { processIo } from "./process_io.ts";
export { type Program, runProgram } from "./program.ts";
export { ProgressLine } from "./progress_line.ts";
export { shellWords } from "./shell_words.ts";
export { aborted, cancellable, type Ending } from "./signals.ts";
export { dashed, type Syntax } from "./syntax.ts";
export { terminalColumns } from "./terminal.ts";
