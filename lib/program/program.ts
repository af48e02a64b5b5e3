import { EXIT, explain } from "./failure.ts";
import { type CommandGroup, findEntry, type Found, groupHelp, isGroup } from "./group.ts";
import { type Globals, readGlobals } from "./globals.ts";
import { dashed } from "./syntax.ts";
import { columnsOf } from "./terminal.ts";

/** A program: its name, what it is for, and its commands. */
export interface Program extends CommandGroup {
  /** As it is typed. */
  readonly name: string;
}

/** Runs a program with its arguments; the exit status. */
export async function runProgram(program: Program, args: readonly string[]): Promise<number> {
  return await runGroup(program.name, program, args, { options: program.options ?? {}, given: {} });
}

/** Options that hold for a group and those below it, and those that were typed. */
interface Inherited extends Pick<Globals, "given"> {
  readonly options: NonNullable<CommandGroup["options"]>;
}

async function runGroup(
  path: string,
  group: CommandGroup,
  args: readonly string[],
  { options, given: before }: Inherited,
): Promise<number> {
  let globals: Globals;
  let found: Found | undefined;
  try {
    globals = readGlobals(options, args);
    found = findEntry(group, globals.rest[0] ?? "");
  } catch (error) {
    console.error(explain(error));
    return EXIT.USAGE;
  }
  const [word, ...rest] = globals.rest;
  if (word === undefined) {
    console.error(groupHelp(path, group, columnsOf(Deno.stderr)));
    return EXIT.USAGE;
  }
  if (word === "--help" || word === "-h") {
    console.log(groupHelp(path, group, columnsOf(Deno.stdout)));
    return EXIT.OK;
  }
  if (found === undefined) {
    console.error(await unknown(path, group, word));
    return EXIT.USAGE;
  }
  const { name, entry } = found;
  const given = { ...before, ...globals.given };
  if (isGroup(entry)) return await runGroup(`${path} ${name}`, entry, rest, { options, given });
  const { runCommand } = await import("./run_command.ts");
  const command = await entry.load();
  // What is typed behind the command comes later, and wins.
  const inherited = Object.keys(command.options).flatMap((key) => given[key] ?? []);
  return await runCommand(`${path} ${name}`, command, [...inherited, ...rest]);
}

async function unknown(
  path: string,
  { commands, others = {}, options = {} }: CommandGroup,
  word: string,
): Promise<string> {
  if (Object.hasOwn(others, word)) return `error: options of ${path} do not go with "${word}"`;
  const { nearest } = await import("../config/nearest.ts");
  const near = nearest(word, [
    ...Object.keys(commands),
    ...Object.keys(others),
    ...Object.keys(options).map((key) => `--${dashed(key)}`),
  ]);
  const hint = near === undefined
    ? `"${path} --help" lists the commands`
    : `did you mean "${near}"?`;
  return `error: ${path} has no ${word.startsWith("-") ? "option" : "command"} "${word}"; ${hint}`;
}
