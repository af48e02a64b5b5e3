import type { DriverClient } from "../driver/client.ts";
import type { CommandIo } from "./io.ts";
import type { Parameter, Values } from "./parameter.ts";

/** What a command is, as its author writes it down. */
export interface CommandSpec<
  C extends DriverClient,
  Arguments extends Record<string, Parameter>,
  Options extends Record<string, Parameter>,
> {
  /** What the command does, in one line without a full stop. */
  does: string;
  /** Positional arguments in order; the last may be repeatable. */
  arguments?: Arguments;
  /** Options; `maxCount` is `--max-count` on the command line. */
  options?: Options;
  /** Takes the terminal for itself (a console), so it cannot be run for somebody else. */
  needsTerminal?: boolean;
  /** Options end at the first argument; those that are unknown are arguments. */
  passesOptions?: boolean;
  /** Does the work. A number is the exit status; nothing means 0. */
  run(
    client: C,
    values: Values<Arguments> & Values<Options>,
    io: CommandIo,
  ): Promise<number | void> | number | void;
}

/** One command of a driver, ready for `j`. */
export interface Command<C extends DriverClient = DriverClient> {
  /** What the command does, in one line without a full stop. */
  readonly does: string;
  /** Positional arguments in order. */
  readonly arguments: Readonly<Record<string, Parameter>>;
  /** Options by name. */
  readonly options: Readonly<Record<string, Parameter>>;
  /** Whether the command takes the terminal for itself. */
  readonly needsTerminal: boolean;
  /** Whether options end at the first argument, and unknown ones are arguments. */
  readonly passesOptions: boolean;
  /** Does the work. A number is the exit status; nothing means 0. */
  run(
    client: C,
    values: Readonly<Record<string, unknown>>,
    io: CommandIo,
  ): Promise<number | void> | number | void;
}

/** The `j` commands of a driver by name; `forwardTcp` is `forward-tcp` on the command line. */
export type Commands<C extends DriverClient = DriverClient> = Readonly<Record<string, Command<C>>>;

/**
 * Makes a command; its values are typed by the arguments and options that stand beside `run`.
 *
 * ```ts
 * import { command, type Commands, seconds } from "@jumpstarter/lib/commands";
 * import { DriverClient } from "@jumpstarter/lib/driver";
 *
 * export const commands: Commands = {
 *   wait: command({
 *     does: "Wait for the device to settle",
 *     options: { time: seconds(2, "how long", "t") },
 *     run: async (device: DriverClient, { time }) => void await device.call("wait", time / 1000),
 *   }),
 * };
 * ```
 */
export function command<
  C extends DriverClient,
  const Arguments extends Record<string, Parameter> = Record<never, never>,
  const Options extends Record<string, Parameter> = Record<never, never>,
>(spec: CommandSpec<C, Arguments, Options>): Command<C> {
  return {
    does: spec.does,
    arguments: spec.arguments ?? {},
    options: spec.options ?? {},
    needsTerminal: spec.needsTerminal ?? false,
    passesOptions: spec.passesOptions ?? false,
    run: (client, values, io) =>
      spec.run(client, values as Values<Arguments> & Values<Options>, io),
  };
}
