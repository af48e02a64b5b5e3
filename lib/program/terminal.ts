/** Columns of the terminal that standard input, output or error is, as it is now. */
export function terminalColumns(): number | undefined {
  try {
    return Deno.consoleSize().columns || undefined;
  } catch {
    return undefined; // none of them is a terminal
  }
}

/** Columns of a stream that is a terminal. */
export function columnsOf(stream: { isTerminal(): boolean }): number | undefined {
  return stream.isTerminal() ? terminalColumns() : undefined;
}
