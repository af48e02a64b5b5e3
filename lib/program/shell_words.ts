/** Words as a POSIX shell takes them, each as it stands. */
export function shellWords(...words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}
