/** A value of a YAML file, and the line it stands on. */
export type YamlValue = YamlScalar | YamlMap | YamlList;

/** Text, a number, true or false, nothing; rarely bytes (`!!binary`). */
export interface YamlScalar {
  /** Tells the kinds apart. */
  readonly kind: "scalar";
  /** Counted from 1. */
  readonly line: number;
  /** What it means. */
  readonly value: unknown;
  /** The characters in the file, without quotes. */
  readonly source: string;
  /** Whether its text stands line by line below its first line: after a `|`. */
  readonly isBlock?: boolean;
}

/** Values by key. Keys are the words in the file, never numbers or booleans. */
export interface YamlMap {
  /** Tells the kinds apart. */
  readonly kind: "map";
  /** Counted from 1. */
  readonly line: number;
  /** In the order of the file. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** A value under a key, and the line of the key. */
export interface YamlEntry {
  /** Counted from 1. */
  readonly line: number;
  /** What stands under the key. */
  readonly value: YamlValue;
}

/** Values in order. */
export interface YamlList {
  /** Tells the kinds apart. */
  readonly kind: "list";
  /** Counted from 1. */
  readonly line: number;
  /** In the order of the file. */
  readonly items: readonly YamlValue[];
}

/** The value without its lines. */
export function plain(value: YamlValue): unknown {
  if (value.kind === "map") return plainMap(value);
  return value.kind === "list" ? value.items.map(plain) : value.value;
}

/** The map without its lines. */
export function plainMap({ entries }: YamlMap): Record<string, unknown> {
  return Object.fromEntries([...entries].map(([key, { value }]) => [key, plain(value)]));
}

/** What kind of value it is, in words that follow "is". */
export function kindOf(value: YamlValue): string {
  if (value.kind !== "scalar") return value.kind === "map" ? "a map" : "a list";
  if (value.value === null) return "empty";
  if (typeof value.value === "string") return "text";
  return typeof value.value === "number" ? "a number" : "true or false";
}

/** The value as one would type it. */
export function shown({ value, source }: YamlScalar): string {
  return typeof value === "string" ? JSON.stringify(value) : source;
}
