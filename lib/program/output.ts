import { choice, type CommandIo, optional, type Parameter } from "../commands/mod.ts";

/** How results can be printed for programs. */
export type OutputFormat = "json" | "yaml" | "name";

/** The option `-o/--output` of commands that print results; without it they print a table. */
export const outputOption: Parameter<OutputFormat | undefined> = optional(
  choice(["json", "yaml", "name"], "format of the output", "o"),
);

/** The option `-o path` of commands that write or delete a file. */
export const pathOption: Parameter<"path" | undefined> = optional(
  choice(["path"], "print the path of the file", "o"),
);

/** What a command has to print, in every form; each is made when it is asked for. */
export interface Output {
  /** For json and yaml. */
  data(): unknown;
  /** One name a line. */
  names(): readonly string[];
  /** For people. */
  text(): string;
}

/** Prints a result in the format that was asked for. */
export async function printOutput(
  io: CommandIo,
  format: OutputFormat | undefined,
  output: Output,
): Promise<void> {
  if (format === "json") return await io.print(JSON.stringify(await output.data(), null, 4));
  if (format === "yaml") return await io.print(await toYaml(await output.data()));
  if (format === undefined) return await io.print(output.text());
  for (const name of output.names()) await io.print(name);
}

/** Lines up rows under a header in capitals; says so when there are none. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "No resources found.";
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd())
    .join("\n");
}

/** YAML with sorted keys, quoted so that readers of YAML 1.1 agree. */
async function toYaml(data: unknown): Promise<string> {
  const { stringify } = await import("yaml");
  const options = { version: "1.1", sortMapEntries: true, indentSeq: false, lineWidth: 0 } as const;
  return stringify(data, { ...options, aliasDuplicateObjects: false }).trimEnd();
}
