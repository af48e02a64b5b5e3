/** A word that may come next. */
export interface Candidate {
  readonly word: string;
  /** What it is for, for shells that show it. */
  readonly does?: string;
}

/** What may come next on a command line. */
export interface Suggestion {
  readonly candidates: readonly Candidate[];
  /** Whether names of files fit, too; the shell knows those best. */
  readonly takesFiles?: boolean;
}

export const NOTHING: Suggestion = { candidates: [] };

/** The lines for the script in the shell: word, tab, purpose; `:files` asks for names of files. */
export function toLines({ candidates, takesFiles }: Suggestion, current: string): string[] {
  const lines = candidates
    .filter(({ word }) => word.startsWith(current) && !/[\n\t]/.test(word))
    .map(({ word, does = "" }) => `${word}\t${does.replaceAll(/\s+/g, " ")}`);
  return takesFiles ? [...lines, ":files"] : lines;
}

/** Bash cuts `--option=value` at the `=`; without it, the value follows as for `--option value`. */
export function joinCutOptions(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (word !== "=" || !words[index - 1]?.startsWith("--")) return [word];
    return index === words.length - 1 ? [""] : [];
  });
}
