import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { ConfigError } from "../errors.ts";
import { scalarTags } from "./yaml_scalars.ts";
import { syntaxFault } from "./yaml_syntax.ts";
import type { YamlEntry, YamlMap, YamlValue } from "./yaml_value.ts";

/** More values than any board has; aliases can multiply a few lines into billions. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 100;

/** How {@linkcode readYaml} reads. */
export interface YamlOptions {
  /** The line of the file that the text begins on, when it stands in another one. */
  readonly firstLine?: number;
  /** Whether a text without anything is a map without anything. */
  readonly mayBeEmpty?: boolean;
}

/** Reads the text of a YAML file whose top level is a map. Fails with `ConfigError`. */
export function readYaml(
  file: string,
  text: string,
  { firstLine = 1, mayBeEmpty = false }: YamlOptions = {},
): YamlMap {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: "failsafe",
    customTags: [...scalarTags, "binary"],
    stringKeys: true,
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const reader = new TreeReader(file, lines, firstLine);
  const fault = syntaxFault(document);
  if (fault !== undefined) reader.fail(fault.offset, fault.sentence);
  const tree = reader.read(document.contents);
  if (tree.kind === "map") return tree;
  const isEmpty = tree.kind === "scalar" && tree.value === null;
  if (isEmpty && mayBeEmpty) return { kind: "map", line: firstLine, entries: new Map() };
  throw new ConfigError(`${file}: the file ${isEmpty ? "is empty" : "does not hold a map"}`);
}

/** Turns the library's nodes into ours: aliases and merges resolved, every value with its line. */
class TreeReader {
  #file: string;
  #lines: LineCounter;
  #firstLine: number;
  #anchors = new Map<string, unknown>();
  #values = 0;
  #depth = 0;

  constructor(file: string, lines: LineCounter, firstLine: number) {
    this.#file = file;
    this.#lines = lines;
    this.#firstLine = firstLine;
  }

  fail(offset: number, sentence: string): never {
    const { col } = this.#lines.linePos(offset);
    // How far a text is indented in its file is not known.
    const column = this.#firstLine === 1 ? `:${col}` : "";
    throw new ConfigError(`${this.#file}:${this.#lineOf(offset)}${column}: ${sentence}`);
  }

  read(node: unknown): YamlValue {
    const offset = offsetOf(node);
    if (++this.#values > MAX_VALUES) {
      this.fail(offset, `with its aliases the file holds more than ${MAX_VALUES} values`);
    }
    if (++this.#depth > MAX_DEPTH) {
      this.fail(offset, `values are nested more than ${MAX_DEPTH} deep`);
    }
    const value = this.#value(node, this.#lineOf(offset));
    this.#depth--;
    return value;
  }

  #value(node: unknown, line: number): YamlValue {
    if (isAlias(node)) return this.read(this.#target(node.source, offsetOf(node)));
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) {
      this.#anchors.set(node.anchor, node);
    }
    if (isMap(node)) return { kind: "map", line, entries: this.#entries(node) };
    if (isSeq(node)) {
      return {
        kind: "list",
        line,
        items: node.items.map((item) => this.read(item)),
      };
    }
    if (!isScalar(node)) return { kind: "scalar", line, value: null, source: "" };
    const isBlock = node.type === "BLOCK_LITERAL";
    return {
      kind: "scalar",
      line,
      value: node.value,
      source: node.source ?? "",
      ...(isBlock && { isBlock }),
    };
  }

  #lineOf(offset: number): number {
    return this.#lines.linePos(offset).line + this.#firstLine - 1;
  }

  #target(name: string, offset: number): unknown {
    if (this.#anchors.has(name)) return this.#anchors.get(name);
    this.fail(offset, `*${name} repeats a value that no &${name} before it names`);
  }

  #entries(map: YAMLMap): Map<string, YamlEntry> {
    const merged = new Map<string, YamlEntry>();
    const own = new Map<string, YamlEntry>();
    for (const pair of map.items as Pair<Scalar<string>>[]) {
      const key = pair.key.value;
      const line = this.#lineOf(offsetOf(pair.key));
      if (key === "<<" && pair.key.type === "PLAIN") {
        for (const [name, entry] of this.#merge(pair)) merged.set(name, entry);
        continue;
      }
      const first = own.get(key);
      if (first !== undefined) {
        this.fail(offsetOf(pair.key), `"${key}" is here twice; the first is on line ${first.line}`);
      }
      own.set(key, { line, value: this.read(pair.value) });
    }
    return new Map([...merged, ...own]);
  }

  /** The entries that `<<` brings in; of several maps the first wins. */
  #merge({ key, value }: Pair<Scalar<string>>): Map<string, YamlEntry> {
    const source = this.read(value);
    const maps = source.kind === "list" ? source.items.toReversed() : [source];
    const entries = new Map<string, YamlEntry>();
    for (const map of maps) {
      if (map.kind !== "map") this.fail(offsetOf(key), `"<<" takes a map, or a list of maps`);
      for (const [name, entry] of map.entries) entries.set(name, entry);
    }
    return entries;
  }
}

function offsetOf(node: unknown): number {
  return (node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0;
}
