import { Fields, type FileContext, type SectionRules } from "./fields.ts";

/**
 * Reads the text of a YAML file that may be empty, or one that stands in it from `firstLine` on.
 *
 * @throws {ConfigError} naming file, line and key
 */
export async function readFields(
  context: FileContext,
  text: string,
  rules: SectionRules,
  firstLine = 1,
): Promise<Fields> {
  // The parser takes 45 ms to load.
  const { readYaml } = await import("./yaml_tree.ts");
  const { file } = context;
  const map = readYaml(file, text, { firstLine, mayBeEmpty: true });
  return new Fields(context, { file, line: map.line, path: "" }, map, rules);
}
