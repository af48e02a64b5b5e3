import type { AllowList } from "@jumpstarter/lib/client";
import type { Command, CommandIo } from "@jumpstarter/lib/commands";
import type { ClientNode } from "@jumpstarter/lib/driver";
import { UsageError } from "@jumpstarter/lib/errors";
import { parse } from "@jumpstarter/lib/program/parse";
import { type Group, groupOf } from "./group.ts";
import { groupHelp, treeHelp } from "./help.ts";

/** What `j` works with beside the tree and its arguments. */
export interface RunOptions {
  io: CommandIo;
  allowed: AllowList;
  /** The line was typed elsewhere: what needs the terminal fails with {@linkcode NeedsTerminal}. */
  isForeign?: boolean;
}

/** A command that takes the terminal for itself cannot be run for somebody else. */
export class NeedsTerminal extends Error {}

const LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** What a command line leads to: a group, and the words that are left for it. */
export interface Place {
  group: Group;
  path: string;
  rest: readonly string[];
}

/**
 * Runs one command line of `j` on a tree: names of children lead to a driver, then comes one of its
 * commands. The exit status; fails with `UsageError` when the line does not fit the tree.
 */
export async function runJ(
  tree: ClientNode,
  args: readonly string[],
  options: RunOptions,
): Promise<number> {
  const { io, allowed } = options;
  const { group, path, rest } = await walk(tree, args, allowed);
  const [word, ...after] = rest;
  if (word === undefined || word === "--help" || word === "-h") {
    return await showHelp(group, path, word === undefined, io, allowed);
  }
  const command = commandOf(group, word);
  if (command === undefined) throw await unknownWord(group, path, word);
  if (command.needsTerminal && options.isForeign) throw new NeedsTerminal();
  return await runCommand(group, `${path} ${word}`, word, command, after, io);
}

/** Follows the names of children as far as they go. A command hides a child of the same name. */
export async function walk(
  tree: ClientNode,
  args: readonly string[],
  allowed: AllowList,
): Promise<Place> {
  let group = await groupOf(tree, allowed);
  let path = "j";
  let rest = skipLogLevel(args);
  for (;;) {
    const [word, ...after] = rest;
    const isCommand = word === undefined || commandOf(group, word) !== undefined;
    const child = isCommand ? undefined : group.children.get(word);
    if (child === undefined) return { group, path, rest };
    group = await groupOf(child, allowed);
    path = `${path} ${word}`;
    rest = skipLogLevel(after);
  }
}

async function runCommand(
  group: Group,
  path: string,
  word: string,
  command: Command,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const does = group.node.methodsDescription[word] ?? command.does;
  const parsed = parse(path, { ...command, does }, args, io.columns);
  if (parsed.kind === "help") {
    await io.print(parsed.text.trimEnd());
    return 0;
  }
  const client = new group.client(group.node);
  return await command.run(client, parsed.values, io) ?? 0;
}

/** Asked for, help is a result; where a command is missing, it is the answer to a mistake. */
async function showHelp(
  group: Group,
  path: string,
  isMissing: boolean,
  io: CommandIo,
  allowed: AllowList,
): Promise<number> {
  if (path === "j") {
    await io.print(await treeHelp(group, allowed, io.columns));
    return 0;
  }
  const text = await groupHelp(group, path, allowed, io.columns);
  if (!isMissing) {
    await io.print(text);
    return 0;
  }
  await io.note(text);
  return 1;
}

/** Python's `j` takes `--log-level` on every group; ours prints no driver logs, so it has no effect. */
function skipLogLevel(args: readonly string[]): readonly string[] {
  const [option, value] = args;
  if (option !== "--log-level" && !option?.startsWith("--log-level=")) return args;
  const isSeparate = option === "--log-level";
  const level = isSeparate ? value : option.slice("--log-level=".length);
  if (!LOG_LEVELS.includes(level ?? "")) {
    throw new UsageError(`--log-level takes one of ${LOG_LEVELS.join(", ")}`);
  }
  return args.slice(isSeparate ? 2 : 1);
}

/** The command of a group that a word names. */
export function commandOf(group: Group, word: string): Command | undefined {
  return Object.hasOwn(group.commands, word) ? group.commands[word] : undefined;
}

async function unknownWord(group: Group, path: string, word: string): Promise<UsageError> {
  const { nearest } = await import("@jumpstarter/lib/config");
  const words = [...group.children.keys(), ...Object.keys(group.commands)];
  const near = nearest(word, words);
  const what = word.startsWith("-") ? "option" : "command";
  const there = words.length === 0
    ? "it has no commands"
    : near === undefined
    ? `it has ${words.join(", ")}`
    : `did you mean "${near}"?`;
  return new UsageError(`"${path}" has no ${what} "${word}"; ${there}`);
}
