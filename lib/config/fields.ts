import { nearest } from "./nearest.ts";
import { refuse, type SourcePosition } from "./position.ts";
import {
  kindOf,
  shown,
  type YamlEntry,
  type YamlMap,
  type YamlScalar,
  type YamlValue,
} from "./yaml_value.ts";

/** The file that is being read. */
export interface FileContext {
  /** The file, as it was named. */
  readonly file: string;
  /** Collects what is passed over. */
  readonly warnings: string[];
}

/** Which keys a section takes. */
export interface SectionRules {
  /** The keys; any unless given. */
  readonly keys?: readonly string[];
  /** Whether `on_failure` may stand for `onFailure`. */
  readonly takesSnakeCase?: boolean;
  /** Whether an unknown key is an error even when it resembles no known one. */
  readonly isStrict?: boolean;
}

/** A YAML text that stands in a file as text. */
export interface EmbeddedText {
  /** The text. */
  readonly text: string;
  /** The line of the file that it begins on. */
  readonly line: number;
}

/**
 * A section of a file: a map with known keys, read key by key. An empty scalar counts as absent.
 *
 * A misspelt key is an error. Any other unknown key is a warning, for it did no harm so far.
 */
export class Fields {
  #context: FileContext;
  #at: SourcePosition;
  #entries = new Map<string, YamlEntry>();

  constructor(context: FileContext, at: SourcePosition, map: YamlMap, rules: SectionRules) {
    this.#context = context;
    this.#at = at;
    for (const [key, entry] of map.entries) {
      const known = this.#knownKey(key, entry, rules);
      if (known === undefined) continue;
      if (this.#entries.has(known)) {
        refuse({ ...at, line: entry.line }, `${this.path(key)} is here twice, in two spellings`);
      }
      this.#entries.set(known, entry);
    }
  }

  /** `hooks.beforeLease` */
  path(key: string): string {
    return this.#at.path === "" ? key : `${this.#at.path}.${key}`;
  }

  /** Where the section stands. */
  get position(): SourcePosition {
    return this.#at;
  }

  /** Where a key stands; if it does not, the section. */
  at(key: string): SourcePosition {
    const line = this.#entries.get(key)?.line ?? this.#at.line;
    return { file: this.#at.file, line, path: this.path(key) };
  }

  /** The keys that are there. */
  get keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** Whether the key is there. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Fails with a sentence that begins with the key's path. */
  refuse(key: string, predicate: string): never {
    refuse(this.at(key), `${this.path(key)} ${predicate}`);
  }

  /** Text, which may be empty. */
  text(key: string): string | undefined {
    const scalar = this.#scalar(key, "text");
    if (scalar === undefined) return undefined;
    if (typeof scalar.value === "string") return scalar.value;
    this.refuse(key, `is ${kindOf(scalar)}, not text; put it in quotes`);
  }

  /** Text that has to be there. */
  required(key: string): string {
    return this.text(key) || this.refuse(key, "is missing");
  }

  /** Text that is YAML itself. */
  embedded(key: string): EmbeddedText | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const { line, isBlock } = this.#scalar(key, "text")!;
    return { text, line: isBlock ? line + 1 : line };
  }

  /** Whole numbers may stand in quotes, as may `true` and `false`. */
  wholeNumber(key: string): number | undefined {
    const scalar = this.#scalar(key, "a whole number");
    if (scalar === undefined) return undefined;
    const isWritten = /^\s*[-+]?\d+\s*$/.test(String(scalar.value));
    const value = typeof scalar.value === "number" || isWritten ? Number(scalar.value) : NaN;
    if (!Number.isInteger(value)) this.refuse(key, `is ${shown(scalar)}, not a whole number`);
    return value;
  }

  /** For values that keep their type: text stays text even when it looks like a number. */
  textOrNumber(key: string): string | number | undefined {
    const value = this.#scalar(key, "text or a whole number")?.value;
    if (typeof value === "boolean") return Number(value);
    return typeof value === "string" ? value : this.wholeNumber(key);
  }

  /** True or false, also in the other words that YAML has for them. */
  flag(key: string): boolean | undefined {
    const scalar = this.#scalar(key, "true or false");
    if (scalar === undefined) return undefined;
    const word = String(scalar.value).toLowerCase();
    if (/^(true|yes|on|y|t|1)$/.test(word)) return true;
    if (/^(false|no|off|n|f|0)$/.test(word)) return false;
    this.refuse(key, `is ${shown(scalar)}, not true or false`);
  }

  /** One of some words. */
  choice<const Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const scalar = this.#scalar(key, `one of ${quoted(words)}`);
    if (scalar === undefined) return undefined;
    const found = words.find((word) => word === scalar.value);
    if (found !== undefined) return found;
    const near = nearest(scalar.source, words);
    const hint = near === undefined ? "" : `. Did you mean "${near}"?`;
    this.refuse(key, `is ${shown(scalar)}, not ${quoted(words, " or ")}${hint}`);
  }

  /** Checks that the key, if it is there, has the only value that it may have. */
  literal(key: string, expected: string): void {
    const value = this.#entries.get(key)?.value;
    if (value === undefined || (value.kind === "scalar" && value.value === expected)) return;
    const isWord = value.kind === "scalar" && value.value !== null;
    this.refuse(key, `is ${isWord ? shown(value) : kindOf(value)}, not "${expected}"`);
  }

  /** A section below this one. Present but empty is an error. */
  section(key: string, rules: SectionRules): Fields | undefined {
    const map = this.map(key);
    return map && new Fields(this.#context, this.at(key), map, rules);
  }

  /** {@linkcode section}, where empty counts as absent. */
  optionalSection(key: string, rules: SectionRules): Fields | undefined {
    return this.#isEmpty(key) ? undefined : this.section(key, rules);
  }

  /** A list of sections; none when it is not there. */
  sections(key: string, rules: SectionRules): Fields[] {
    return this.#items(key).map((item, index) => {
      const at = { ...this.#at, line: item.line, path: `${this.path(key)}[${index}]` };
      if (item.kind === "map") return new Fields(this.#context, at, item, rules);
      refuse(at, `${at.path} is ${kindOf(item)}, not a map`);
    });
  }

  /** A list of texts, none of them empty; none when it is not there. */
  words(key: string): string[] {
    return this.#items(key).map((item) => {
      if (item.kind === "scalar" && typeof item.value === "string" && item.value) return item.value;
      refuse({ ...this.#at, line: item.line }, `${this.path(key)} must be a list of texts`);
    });
  }

  /** Texts by keys of any name; they may be empty. */
  texts(key: string): Record<string, string> {
    return this.each(key, (section, name) => section.text(name) ?? "");
  }

  /** A section with keys of any name, by key. Empty counts as absent. */
  each<T>(key: string, read: (section: Fields, key: string) => T | undefined): Record<string, T> {
    const map = this.optionalMap(key);
    if (map === undefined) return {};
    const section = new Fields(this.#context, this.at(key), map, {});
    return Object.fromEntries(
      section.keys.map((key) => [key, read(section, key) ?? section.refuse(key, "is empty")]),
    );
  }

  /** A map with keys of any name. Present but empty is an error. */
  map(key: string): YamlMap | undefined {
    const value = this.#entries.get(key)?.value;
    if (value === undefined || value.kind === "map") return value;
    this.refuse(key, `is ${kindOf(value)}, not a map`);
  }

  /** {@linkcode map}, where empty counts as absent. */
  optionalMap(key: string): YamlMap | undefined {
    return this.#isEmpty(key) ? undefined : this.map(key);
  }

  #scalar(key: string, expected: string): YamlScalar | undefined {
    const value = this.#entries.get(key)?.value;
    if (value === undefined || this.#isEmpty(key)) return undefined;
    if (value.kind === "scalar") return value;
    this.refuse(key, `is ${kindOf(value)}, not ${expected}`);
  }

  #items(key: string): readonly YamlValue[] {
    const value = this.#entries.get(key)?.value;
    if (value === undefined || this.#isEmpty(key)) return [];
    return value.kind === "list"
      ? value.items
      : this.refuse(key, `must be a list; it is ${kindOf(value)}`);
  }

  #isEmpty(key: string): boolean {
    const value = this.#entries.get(key)?.value;
    return value?.kind === "scalar" && value.value === null;
  }

  #knownKey(key: string, { line }: YamlEntry, rules: SectionRules): string | undefined {
    const { keys, takesSnakeCase, isStrict } = rules;
    if (keys === undefined || keys.includes(key)) return key;
    const at = { ...this.#at, line };
    const path = this.path(key);
    const camel = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (keys.includes(camel) && (takesSnakeCase || !isStrict)) {
      if (takesSnakeCase) return camel;
      this.#warn(line, `${path} has no effect; it is spelt "${camel}"`);
      return undefined;
    }
    const near = nearest(key, keys);
    if (near !== undefined) refuse(at, `${path} is not a setting. Did you mean "${near}"?`);
    if (isStrict) refuse(at, `${path} is not a setting; known are ${quoted(keys)}`);
    this.#warn(line, `${path} is not a setting and has no effect`);
    return undefined;
  }

  #warn(line: number, sentence: string): void {
    this.#context.warnings.push(`${this.#context.file}:${line}: ${sentence}`);
  }
}

/** `"a", "b"` */
export function quoted(words: readonly string[], last = ", "): string {
  const all = words.map((word) => `"${word}"`);
  return [all.slice(0, -1).join(", "), ...all.slice(-1)].filter(Boolean).join(last);
}
