import { type CommandGroup, EXIT, findEntry, isGroup } from "@jumpstarter/lib/program";
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
  const [word = "", ...rest] = words;
  if (rest.length === 0) return { candidates: childrenOf(group) };
  const entry = find(group, word);
  if (entry === undefined) return NOTHING;
  if (isGroup(entry)) return await suggest(entry, rest);
  const { suggestWord } = await import("./syntax.ts");
  return await suggestWord(await entry.load(), rest);
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
