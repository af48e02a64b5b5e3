import type { ClientNode } from "@jumpstarter/lib/driver";
import { type Group, groupOf } from "../j/group.ts";
import { about } from "../j/help.ts";
import { commandOf, type RunOptions, walk } from "../j/run.ts";
import { joinCutOptions, NOTHING, type Suggestion, toLines } from "./suggestion.ts";
import { suggestWord } from "./syntax.ts";

/** `j --complete -- WORDS…`: prints what may come next; the last word is being typed. */
export async function completeJ(
  tree: ClientNode,
  [, , ...args]: readonly string[],
  { io, allowed }: RunOptions,
): Promise<number> {
  const words = joinCutOptions(args);
  const current = words.at(-1) ?? "";
  const { group, rest: [word, ...after] } = await walk(tree, words.slice(0, -1), allowed);
  const command = word === undefined ? undefined : commandOf(group, word);
  const suggestion = command !== undefined
    ? await suggestWord(command, [...after, current])
    : word === undefined
    ? await childrenOf(group, allowed)
    : NOTHING;
  for (const line of toLines(suggestion, current)) await io.print(line);
  return 0;
}

async function childrenOf(group: Group, allowed: RunOptions["allowed"]): Promise<Suggestion> {
  const commands = Object.entries(group.commands).map(([word, command]) => ({
    word,
    does: group.node.methodsDescription[word] ?? command.does,
  }));
  const children = [...group.children].map(async ([word, node]) => ({
    word,
    does: about(await groupOf(node, allowed)),
  }));
  return { candidates: [...commands, ...await Promise.all(children)] };
}
