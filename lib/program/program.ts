import { EXIT, explain } from "./failure.ts";
import { type CommandGroup, findEntry, type Found, groupHelp, isGroup } from "./group.ts";
import { columnsOf } from "./terminal.ts";

/** A program: its name, what it is for, and its commands. */
export interface Program extends CommandGroup {
  /** As it is typed. */
  readonly name: string;
}

/** Runs a program with its arguments; the exit status. */
export async function runProgram(program: Program, args: readonly string[]): Promise<number> {
  return await runGroup(program.name, program, args);
}

async function runGroup(
  path: string,
  group: CommandGroup,
  [word, ...rest]: readonly string[],
): Promise<number> {
  if (word === undefined) {
    console.error(groupHelp(path, group, columnsOf(Deno.stderr)));
    return EXIT.USAGE;
  }
  if (word === "--help" || word === "-h") {
    console.log(groupHelp(path, group, columnsOf(Deno.stdout)));
    return EXIT.OK;
  }
  let found: Found | undefined;
  try {
    found = findEntry(group, word);
  } catch (error) {
    console.error(explain(error));
    return EXIT.USAGE;
  }
  if (found === undefined) {
    console.error(await unknown(path, group, word));
    return EXIT.USAGE;
  }
  const { name, entry } = found;
  if (isGroup(entry)) return await runGroup(`${path} ${name}`, entry, rest);
  const { runCommand } = await import("./run_command.ts");
  return await runCommand(`${path} ${name}`, await entry.load(), rest);
}

async function unknown(
  path: string,
  { commands, others = {} }: CommandGroup,
  word: string,
): Promise<string> {
  const { nearest } = await import("../config/nearest.ts");
  const near = nearest(word, [...Object.keys(commands), ...Object.keys(others)]);
  const hint = near === undefined
    ? `"${path} --help" lists the commands`
    : `did you mean "${near}"?`;
  return `error: ${path} has no ${word.startsWith("-") ? "option" : "command"} "${word}"; ${hint}`;
}
