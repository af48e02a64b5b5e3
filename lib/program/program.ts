import type { CliCommand } from "./cli_command.ts";
import { EXIT } from "./failure.ts";

/** A program: its name, what it is for, and its commands. */
export interface Program {
  /** As it is typed. */
  readonly name: string;
  /** What the program does, a sentence. */
  readonly does: string;
  /** Its commands by name. */
  readonly commands: Readonly<Record<string, ProgramEntry>>;
  /** Commands that are run elsewhere, but belong into the help. */
  readonly others?: Readonly<Record<string, string>>;
}

/** One line of the help, and the module behind it, which is loaded when it is run. */
export interface ProgramEntry {
  /** What the command does, in one line. */
  readonly does: string;
  /** Loads the command. */
  readonly load: () => Promise<CliCommand>;
  /** Other names for it. */
  readonly aliases?: readonly string[];
}

/** Runs a program with its arguments; the exit status. */
export async function runProgram(program: Program, args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) {
    console.error(help(program));
    return EXIT.USAGE;
  }
  if (first === "--help" || first === "-h") {
    console.log(help(program));
    return EXIT.OK;
  }
  const found = Object.entries(program.commands).find(([name, { aliases }]) =>
    name === first || aliases?.includes(first)
  );
  if (found === undefined) {
    console.error(await unknown(program, first));
    return EXIT.USAGE;
  }
  const [name, entry] = found;
  const { runCommand } = await import("./run_command.ts");
  return await runCommand(`${program.name} ${name}`, await entry.load(), rest);
}

async function unknown(program: Program, word: string): Promise<string> {
  const { name, commands, others = {} } = program;
  const { nearest } = await import("../config/nearest.ts");
  const near = nearest(word, [...Object.keys(commands), ...Object.keys(others)]);
  const hint = near === undefined
    ? `"${name} --help" lists the commands`
    : `did you mean "${near}"?`;
  return `error: ${name} has no ${word.startsWith("-") ? "option" : "command"} "${word}"; ${hint}`;
}

function help({ name, does, commands, others = {} }: Program): string {
  const rows = [
    ...Object.entries(commands).map(([key, entry]) => [key, entry.does] as const),
    ...Object.entries(others),
  ];
  return [
    `usage: ${name} <command> …`,
    "",
    does,
    "",
    "commands:",
    ...rows.map(([key, text]) => `  ${key.padEnd(10)} ${text}`),
    "",
    `"${name} <command> --help" tells more about one.`,
  ].join("\n");
}
