/** One command of a line, and when it runs. */
export interface Command {
  /** Whether the command before must have succeeded (`&&`) or failed (`||`). */
  readonly when: "always" | "success" | "failure";
  /** Name and arguments. */
  readonly words: readonly string[];
}

/** Expands `$NAME`; `$?` is the name `?`. */
export type Variables = (name: string) => string;

const operators: Record<string, Command["when"]> = {
  "&&": "success",
  "||": "failure",
  ";": "always",
};

/** A piece of a line: space, a comment, an operator, the home folder, or a part of a word. */
const PIECE =
  /(?<space>\s+)|(?<comment>(?<=^|[\s;&|])#.*)|(?<operator>&&|\|\||[;&|<>()])|(?<home>(?<=^|[\s;&|])~(?=[/\s;&|]|$))|'(?<single>[^']*)'|"(?<double>(?:\\.|[^"\\])*)"|(?<plain>(?:\\.|[^\s;&|<>()'"\\])+)|(?<open>['"\\])/uy;

/** What stands for something else: an escaped character, or a variable. */
const IN_WORD = /\\(.)|\$(\?|\w+)|\$\{(\w+)\}/gu;
/** Within double quotes a backslash escapes only what would be special there. */
const IN_QUOTES = /\\([$`"\\])|\$(\?|\w+)|\$\{(\w+)\}/gu;

/**
 * Reads a command line: words with quotes and variables, joined by `;`, `&&` and `||`. Fails with a
 * `SyntaxError` for what this shell does not have. Variables have their value when `next` is called.
 */
export function* commands(line: string, variables: Variables): Generator<Command> {
  let when: Command["when"] = "always";
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length;) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(line)!;
    at = PIECE.lastIndex;
    const { space, comment, operator, home, single, double, plain, open } = match.groups!;
    if (open !== undefined) throw new SyntaxError("unterminated quoted string");
    if (comment !== undefined) break;
    if (space !== undefined) endWord();
    else if (operator !== undefined) {
      const next = operators[operator];
      if (next === undefined) throw new SyntaxError(`"${operator}" is not supported`);
      endWord();
      if (words.length === 0) throw new SyntaxError(`unexpected "${operator}"`);
      yield { when, words };
      when = next;
      words = [];
    } else if (home !== undefined) word = variables("HOME");
    else if (double !== undefined) word = (word ?? "") + expandIn(double, IN_QUOTES, variables);
    else word = (word ?? "") + (single ?? expandIn(plain!, IN_WORD, variables));
  }
  endWord();
  if (words.length > 0) yield { when, words };
  else if (when !== "always") throw new SyntaxError("unexpected end of the line");
}

function expandIn(text: string, special: RegExp, variables: Variables): string {
  return text.replace(
    special,
    (_, escaped?: string, name?: string, braced?: string) =>
      escaped ?? variables((name ?? braced)!),
  );
}
