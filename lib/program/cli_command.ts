import type { CommandIo, Parameter, Values } from "../commands/mod.ts";
import type { Syntax } from "./syntax.ts";

/** A command of `jmp`. */
export interface CliCommand extends Syntax {
  /** Does the work. A number is the exit status; nothing means 0. */
  run(values: Readonly<Record<string, unknown>>, io: CommandIo): Promise<number | void>;
}

/** Makes a command of `jmp`, typed by its arguments and options; see `command()` of the library. */
export function cliCommand<
  const Arguments extends Record<string, Parameter> = Record<never, never>,
  const Options extends Record<string, Parameter> = Record<never, never>,
>(spec: {
  does: string;
  arguments?: Arguments;
  options?: Options;
  run(values: Values<Arguments> & Values<Options>, io: CommandIo): Promise<number | void>;
}): CliCommand {
  return {
    does: spec.does,
    arguments: spec.arguments ?? {},
    options: spec.options ?? {},
    run: (values, io) => spec.run(values as Values<Arguments> & Values<Options>, io),
  };
}
