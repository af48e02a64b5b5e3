import type { Parameter } from "@jumpstarter/lib/commands";
import { dashed, type Syntax } from "@jumpstarter/lib/program";
import { type Candidate, NOTHING, type Suggestion } from "./suggestion.ts";

const HELP: Candidate = { word: "--help", does: "Show this help" };

/** What may come next for a command; the last of the words is being typed. */
export async function suggestWord(syntax: Syntax, words: readonly string[]): Promise<Suggestion> {
  const current = words.at(-1) ?? "";
  const { position, awaited, isEnded, given } = readBefore(syntax, words.slice(0, -1));
  if (awaited !== undefined) return await values(awaited);
  if (!isEnded && current.startsWith("--") && current.includes("=")) {
    return await valuesBehind(syntax, current.slice(0, current.indexOf("=")));
  }
  const options = { candidates: optionsOf(syntax, given) };
  if (!isEnded && current.startsWith("-")) return options;
  const parameters = Object.values(syntax.arguments);
  const last = parameters.at(-1);
  const parameter = parameters[position] ?? (last?.isRepeated ? last : undefined);
  if (parameter !== undefined) return await values(parameter);
  return isEnded ? NOTHING : options;
}

/** How a command line stands before the word that is being typed. */
interface Before {
  /** How many positional arguments there are. */
  position: number;
  /** The option whose value comes next. */
  awaited?: Parameter;
  /** Whether `--` has ended the options. */
  isEnded: boolean;
  /** The options that are there, by their keys. */
  given: Set<string>;
}

function readBefore(syntax: Syntax, words: readonly string[]): Before {
  const before: Before = { position: 0, isEnded: false, given: new Set() };
  for (const word of words) {
    if (before.awaited !== undefined) delete before.awaited;
    else if (before.isEnded || !word.startsWith("-") || word === "-") {
      before.position++;
      before.isEnded ||= syntax.passesOptions === true;
    } else if (word === "--") before.isEnded = true;
    else readOption(syntax, word, before);
  }
  return before;
}

function readOption(syntax: Syntax, word: string, before: Before): void {
  const entries = Object.entries(syntax.options);
  if (word.startsWith("--")) {
    const [name, value] = word.split("=", 2);
    const found = entries.find(([key]) => `--${dashed(key)}` === name);
    if (found === undefined) return;
    before.given.add(found[0]);
    if (found[1].parse !== undefined && value === undefined) before.awaited = found[1];
    return;
  }
  // `-vo FILE`: flags may come together, and the first that takes a value takes the rest.
  for (const [index, letter] of [...word.slice(1)].entries()) {
    const found = entries.find(([, { short }]) => short === letter);
    if (found === undefined) return;
    before.given.add(found[0]);
    if (found[1].parse === undefined) continue;
    if (index === word.length - 2) before.awaited = found[1];
    return;
  }
}

function optionsOf(syntax: Syntax, given: ReadonlySet<string>): Candidate[] {
  const open = Object.entries(syntax.options)
    .filter(([key, { isRepeated }]) => isRepeated || !given.has(key));
  return [...open.map(([key, { does }]) => ({ word: `--${dashed(key)}`, does })), HELP];
}

async function values({ choices, suggests }: Parameter): Promise<Suggestion> {
  if (choices !== undefined) return { candidates: choices.map((word) => ({ word })) };
  if (suggests === "files") return { candidates: [], takesFiles: true };
  if (suggests !== "exporters") return NOTHING;
  const { listExporters } = await import("@jumpstarter/lib/config");
  const exporters = await listExporters();
  return { candidates: [...exporters].map(([word, does]) => ({ word, does })) };
}

/** The values of an option that is typed in one word with them: `--output=json`. */
async function valuesBehind(syntax: Syntax, name: string): Promise<Suggestion> {
  const found = Object.entries(syntax.options).find(([key]) => `--${dashed(key)}` === name);
  if (found?.[1].parse === undefined) return NOTHING;
  const { candidates, ...rest } = await values(found[1]);
  return {
    candidates: candidates.map(({ word, ...more }) => ({ word: `${name}=${word}`, ...more })),
    ...rest,
  };
}
