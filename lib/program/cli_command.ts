import type { CommandIo, Parameter, Values } from "../commands/mod.ts";
import type { Ending } from "./signals.ts";
import type { Syntax } from "./syntax.ts";

/** The {@linkcode CliCommand.grace} of commands that hold devices: drivers may take 5 s to close. */
export const CLOSE_TIME = 10_000;

/** A command of `jmp`. */
export interface CliCommand extends Syntax {
  /** Milliseconds that it may take to end after a signal; 0.8 s by default. */
  readonly grace?: number;
  /** The exit status after a signal; 2 by default, 0 for what only a signal ends. */
  readonly cancelled?: number;
  /** Leaves Ctrl-C to the program that it runs on the terminal. */
  readonly leavesInterrupt?: true;
  /** Makes something of SIGHUP itself, which ends other commands. */
  readonly leavesHangup?: true;
  /** Does the work. A number is the exit status; nothing means 0. */
  run(
    values: Readonly<Record<string, unknown>>,
    io: CommandIo,
    ending: Ending,
  ): Promise<number | void>;
}

/** Makes a command of `jmp`, typed by its arguments and options; see `command()` of the library. */
export function cliCommand<
  const Arguments extends Record<string, Parameter> = Record<never, never>,
  const Options extends Record<string, Parameter> = Record<never, never>,
>(spec: {
  does: string;
  arguments?: Arguments;
  options?: Options;
  grace?: number;
  cancelled?: number;
  leavesInterrupt?: true;
  leavesHangup?: true;
  run(
    values: Values<Arguments> & Values<Options>,
    io: CommandIo,
    ending: Ending,
  ): Promise<number | void>;
}): CliCommand {
  return {
    does: spec.does,
    arguments: spec.arguments ?? {},
    options: spec.options ?? {},
    ...(spec.grace === undefined ? {} : { grace: spec.grace }),
    ...(spec.cancelled === undefined ? {} : { cancelled: spec.cancelled }),
    ...(spec.leavesInterrupt === undefined ? {} : { leavesInterrupt: spec.leavesInterrupt }),
    ...(spec.leavesHangup === undefined ? {} : { leavesHangup: spec.leavesHangup }),
    run: (values, io, ending) =>
      spec.run(values as Values<Arguments> & Values<Options>, io, ending),
  };
}
