/** Narrower than this, a column of text is harder to read than lines that the terminal wraps. */
const NARROWEST = 20;

/**
 * A line of help: its head, and a text that goes on under itself where the terminal ends. It stays
 * one line when the width is not known.
 */
export function hanging(head: string, text: string, columns: number | undefined): string {
  const width = (columns ?? 0) - head.length;
  if (width < NARROWEST || text.length <= width) return `${head}${text}`.trimEnd();
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return head + lines.join(`\n${" ".repeat(head.length)}`);
}

/** A line that ends with `…` where the terminal does. */
export function cut(line: string, columns: number | undefined): string {
  if (columns === undefined || line.length <= columns) return line;
  return `${line.slice(0, columns - 1).trimEnd()}…`;
}
