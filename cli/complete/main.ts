import { type CommandGroup, EXIT, findEntry, isGroup, readGlobals } from "@jumpstarter/lib/program";
import { joinCutOptions, NOTHING, type Suggestion, toLines } from "./suggestion.ts";

/**
 * `jmp complete -- WORDS…`, which the scripts of `jmp completion` call: prints what may come next.
 * The last word is being typed.
 */
export async function main(program: CommandGroup, args: readonly string[]): Promise<number> {
  const words = joinCutOptions(args[0] === "--" ? args.slice(1) : args);
  if (words[0] === "j" && words.length > 1) {
    return await (await import("../j/main.ts")).main(["--complete", "--", ...words.slice(1)]);
  }
  for (const line of toLines(await suggest(program, words), words.at(-1) ?? "")) console.log(line);
  return EXIT.OK;
}

async function suggest(group: CommandGroup, words: readonly string[]): Promise<Suggestion> {
  const { options = {} } = group;
  const [word = "", ...rest] = behindOptions(options, words);
  const { suggestWord } = await import("./syntax.ts");
  if (word.startsWith("-")) return await suggestWord({ does: "", arguments: {}, options }, words);
  if (rest.length === 0) return { candidates: childrenOf(group) };
  const entry = find(group, word);
  if (entry === undefined) return NOTHING;
  if (isGroup(entry)) return await suggest({ ...entry, options }, rest);
  return await suggestWord(await entry.load(), rest);
}

/** The words from the command on; all of them while its options are still being typed. */
function behindOptions(
  options: NonNullable<CommandGroup["options"]>,
  words: readonly string[],
): readonly string[] {
  try {
    const { rest } = readGlobals(options, words);
    return rest.length === 0 ? words : rest;
  } catch {
    return words;
  }
}

function childrenOf({ commands, others = {} }: CommandGroup): Suggestion["candidates"] {
  return [
    ...Object.entries(commands).map(([word, { does }]) => ({ word, does })),
    ...Object.entries(others).map(([word, does]) => ({ word, does })),
  ];
}

function find(group: CommandGroup, word: string) {
  try {
    return findEntry(group, word)?.entry;
  } catch {
    return undefined; // An alias of several: running the line tells.
  }
}
