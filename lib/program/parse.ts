import { Argument, Command as Parser, CommanderError, Option } from "commander";
import type { Parameter } from "../commands/mod.ts";
import { UsageError } from "../errors.ts";
import { dashed, type Syntax } from "./syntax.ts";

/** Columns of help that goes to no terminal. */
const PLAIN_WIDTH = 80;

/** What a command line asks for: the command with its values, or its help. */
export type Parsed =
  | { readonly kind: "run"; readonly values: Record<string, unknown> }
  | { readonly kind: "help"; readonly text: string };

/**
 * Reads the command line of `name` (as typed: `j power cycle`). Options and arguments may be mixed;
 * `--` ends the options. Help is made for a terminal of so many columns. Fails with `UsageError`.
 */
export function parse(
  name: string,
  syntax: Syntax,
  args: readonly string[],
  columns?: number,
): Parsed {
  let help = "";
  const parser = new Parser(name)
    .description(`${syntax.does}.`)
    .helpOption("-h, --help", "Show this help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => help += text,
      writeErr: () => {},
      // This process may be on another terminal than the reader of the help, or on none.
      getOutHelpWidth: () => columns ?? PLAIN_WIDTH,
      getOutHasColors: () => false,
    });
  if (syntax.passesOptions) parser.passThroughOptions().allowUnknownOption();
  const positional = Object.entries(syntax.arguments);
  for (const [key, parameter] of positional) parser.addArgument(argumentOf(key, parameter));
  for (const [key, parameter] of Object.entries(syntax.options)) {
    parser.addOption(optionOf(key, parameter));
  }
  try {
    parser.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return { kind: "help", text: help };
    throw new UsageError(`${sentence(error.message)}\n${usage(name, parser)}`);
  }
  const given = parser.opts();
  const values = Object.fromEntries([
    ...positional.map(([key, { default: rest }], index) => [
      key,
      parser.processedArgs[index] ?? rest,
    ]),
    ...Object.entries(syntax.options).map(([key, { default: rest }]) => [key, given[key] ?? rest]),
  ]);
  return { kind: "run", values };
}

function argumentOf(key: string, parameter: Parameter): Argument {
  const dots = parameter.isRepeated ? "..." : "";
  const name = `${dashed(key)}${dots}`;
  const argument = new Argument(
    parameter.isOptional ? `[${name}]` : `<${name}>`,
    parameter.does,
  );
  showDefault(argument, parameter);
  return reads(argument, parameter);
}

function optionOf(key: string, parameter: Parameter): Option {
  const short = parameter.short === undefined ? "" : `-${parameter.short}, `;
  const value = parameter.parse === undefined ? "" : ` <${parameter.placeholder ?? "VALUE"}>`;
  const option = new Option(`${short}--${dashed(key)}${value}`, parameter.does);
  option.attributeName = () => key;
  // `--no-output` is a flag of that name, not the denial of an `--output`.
  option.negate = false;
  showDefault(option, parameter);
  return reads(option, parameter);
}

/** A flag is off, and a list empty, by nature: only other defaults are worth a word in the help. */
function showDefault(target: Argument | Option, parameter: Parameter): void {
  const isPlain = parameter.parse === undefined || parameter.isRepeated;
  if (isPlain || parameter.default === undefined) return;
  target.default(parameter.default, parameter.defaultText);
}

/** Has a value read by its parameter; a repeated one is gathered. */
function reads<T extends Argument | Option>(target: T, parameter: Parameter): T {
  const { parse: read, isRepeated } = parameter;
  if (read === undefined) return target;
  target.argParser((text: string, before: unknown) => {
    const value = readValue(read, text);
    if (!isRepeated) return value;
    return before === undefined ? [value] : [...before as unknown[], value];
  });
  return target;
}

function readValue(read: (text: string) => unknown, text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function sentence(message: string): string {
  return message.replace(/^error: /, "").replace(/\n/g, " ");
}

function usage(name: string, parser: Parser): string {
  return `usage: ${name} ${parser.usage()}  (--help tells more)`;
}
