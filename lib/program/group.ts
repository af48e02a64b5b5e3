import type { Parameter } from "../commands/parameter.ts";
import { UsageError } from "../errors.ts";
import { namesFor } from "./aliases.ts";
import type { CliCommand } from "./cli_command.ts";
import { hanging } from "./fit.ts";
import { dashed } from "./syntax.ts";

/** One line of the help, and the module behind it, which is loaded when it is run. */
export interface ProgramEntry {
  /** What the command does, in one line without a full stop. */
  readonly does: string;
  /** Loads the command. */
  readonly load: () => Promise<CliCommand>;
}

/** Commands under one name: `config` in `jmp config exporter list`. */
export interface CommandGroup {
  /** What the group is for, in one line without a full stop. */
  readonly does: string;
  /** Its commands and groups by name. */
  readonly commands: Readonly<Record<string, ProgramEntry | CommandGroup>>;
  /** Commands that are run elsewhere, but belong into the help. */
  readonly others?: Readonly<Record<string, string>>;
  /** Whether short names are taken: `ls` for `list`. */
  readonly isAliased?: boolean;
  /**
   * Options that may stand before the name of a command, also in the groups below; a command gets those
   * that it has itself. Of the program only.
   */
  readonly options?: Readonly<Record<string, Parameter>>;
}

/** What is found in a group under a word. */
export interface Found {
  /** The full name. */
  readonly name: string;
  /** What has the name. */
  readonly entry: ProgramEntry | CommandGroup;
}

/** Tells a group from a command. */
export function isGroup(entry: ProgramEntry | CommandGroup): entry is CommandGroup {
  return "commands" in entry;
}

/**
 * What a word names in a group: exactly, else by an alias, else nothing. Fails with `UsageError`
 * when the alias fits several.
 */
export function findEntry({ commands, isAliased }: CommandGroup, word: string): Found | undefined {
  if (Object.hasOwn(commands, word)) return { name: word, entry: commands[word]! };
  const names = isAliased ? namesFor(word, Object.keys(commands)) : [];
  if (names.length > 1) throw new UsageError(`Too many matches: ${names.join(", ")}`);
  const [name] = names;
  return name === undefined ? undefined : { name, entry: commands[name]! };
}

/** The help of a group, as it is called (`jmp config`), for a terminal of so many columns. */
export function groupHelp(
  path: string,
  { does, commands, others = {}, options = {} }: CommandGroup,
  columns?: number,
): string {
  const rows = [
    ...Object.entries(commands).map(([key, entry]) => [key, entry.does] as const),
    ...Object.entries(others),
  ];
  const width = Math.max(10, ...rows.map(([key]) => key.length));
  const line = ([head, text]: readonly [string, string]) =>
    hanging(`  ${head.padEnd(width)} `, text, columns);
  return [
    `usage: ${path} <command> …`,
    "",
    `${does}.`,
    "",
    "commands:",
    ...rows.map(line),
    ...optionLines(options, columns),
    "",
    `"${path} <command> --help" tells more about one.`,
  ].join("\n");
}

function optionLines(
  options: NonNullable<CommandGroup["options"]>,
  columns: number | undefined,
): string[] {
  const rows = Object.entries(options).map((
    [key, { placeholder, does }],
  ) => [
    placeholder === undefined ? `--${dashed(key)}` : `--${dashed(key)} <${placeholder}>`,
    does,
  ]);
  if (rows.length === 0) return [];
  return [
    "",
    "options, before or behind a command that has them:",
    ...rows.flatMap(([head, does]) => [`  ${head}`, hanging("      ", does!, columns)]),
  ];
}
