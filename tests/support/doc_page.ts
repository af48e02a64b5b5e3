/** A file that a page shows: a code block whose first line is a comment with its name. */
export interface ShownFile {
  name: string;
  text: string;
}

/** A command of a `console` block, and the lines that the page says it prints. */
export interface ShownCommand {
  command: string;
  /** Lines, in order: `…` stands for anything, and between two lines may be others. */
  output: string[];
}

const BLOCK = /^```(\w+)[^\n]*\n([^]*?)^```$/gm;
const NAME = /^(?:\/\/|#) (\S+\.\w+)\n/;

/** The files and the commands of a page, in its order. */
export function readPage(markdown: string): { files: ShownFile[]; commands: ShownCommand[] } {
  const files: ShownFile[] = [];
  const commands: ShownCommand[] = [];
  for (const [, language, text = ""] of markdown.matchAll(BLOCK)) {
    const name = NAME.exec(text)?.[1];
    if (language === "console") commands.push(...readCommands(text));
    else if (name !== undefined) files.push({ name, text: text.replace(NAME, "") });
  }
  return { files, commands };
}

function readCommands(text: string): ShownCommand[] {
  return text.split(/^\$ /m).slice(1).map((part) => {
    const [command = "", ...output] = part.trimEnd().split("\n");
    return { command, output };
  });
}

/** Matches what a command has printed, when the page is right about it. */
export function expectedOutput({ output }: ShownCommand): RegExp {
  const line = (shown: string) => shown.split("…").map((text) => RegExp.escape(text)).join(".*");
  const lines = output.filter((shown) => shown !== "…");
  return new RegExp(lines.map((shown) => `^${line(shown)}$`).join("[^]*?"), "m");
}
