import { nearest } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { parseGoDuration } from "@jumpstarter/lib/lease";

/** A map of a configuration, with known keys. What is empty counts as absent. */
export class ConfigNode {
  #entries: Readonly<Record<string, unknown>>;
  #path: string;

  /** @throws {ConfigError} when it is no map, or has another key */
  constructor(value: unknown, path: string, keys: readonly string[]) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ConfigError(`${path || "it"} must be a map with ${keys.join(", ")}`);
    }
    this.#entries = value as Record<string, unknown>;
    this.#path = path;
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const near = nearest(key, keys);
      const hint = near === undefined ? `known are ${keys.join(", ")}` : `did you mean "${near}"?`;
      throw new ConfigError(`${path || "it"} has an unknown key "${key}"; ${hint}`);
    }
  }

  /** Fails with a sentence that begins with the key's path. */
  refuse(key: string, predicate: string): never {
    throw new ConfigError(`${this.#below(key)} ${predicate}`);
  }

  /** Text that may be empty. */
  text(key: string): string | undefined {
    const value = this.#entries[key] ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    this.refuse(key, "must be text; put it in quotes");
  }

  /** Text that must not be empty when it is there. */
  word(key: string): string | undefined {
    return this.text(key) || undefined;
  }

  /** Text that must be there. */
  required(key: string): string {
    return this.word(key) ?? this.refuse(key, "is missing");
  }

  /** A list of texts. */
  words(key: string): string[] {
    const list = this.#list(key);
    const isWords = list.every((item) => typeof item === "string" && item !== "");
    return isWords ? list as string[] : this.refuse(key, "must be a list of texts");
  }

  /** A map below this one. */
  map(key: string, keys: readonly string[]): ConfigNode | undefined {
    const value = this.#entries[key] ?? undefined;
    return value === undefined ? undefined : new ConfigNode(value, this.#below(key), keys);
  }

  /** A list of maps. */
  maps(key: string, keys: readonly string[]): ConfigNode[] {
    return this.#list(key).map((item, index) =>
      new ConfigNode(item, `${this.#below(key)}[${index}]`, keys)
    );
  }

  /** True or false. */
  flag(key: string): boolean | undefined {
    const value = this.#entries[key] ?? undefined;
    if (value === undefined || typeof value === "boolean") return value;
    this.refuse(key, "must be true or false");
  }

  /** A whole number that is not negative. */
  count(key: string): number | undefined {
    const value = this.#entries[key] ?? undefined;
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && value as number >= 0) return value as number;
    this.refuse(key, "must be a whole number, zero or more");
  }

  /** A duration as Go writes it, in milliseconds. */
  duration(key: string): number | undefined {
    const text = this.word(key);
    if (text === undefined) return undefined;
    try {
      return parseGoDuration(text);
    } catch (cause) {
      this.refuse(key, (cause as Error).message);
    }
  }

  /** A map with keys of any name, whose values are texts that may be empty. */
  texts(key: string): Record<string, string> {
    const value = this.#entries[key] ?? {};
    if (typeof value !== "object" || Array.isArray(value)) this.refuse(key, "must be a map");
    return Object.fromEntries(
      Object.entries(value).map(([name, text]) => {
        if (typeof text === "string") return [name, text];
        this.refuse(`${key}.${name}`, "must be text; put it in quotes");
      }),
    );
  }

  /** A map with keys of any name, whose values are maps. */
  each(key: string, keys: readonly string[]): [name: string, node: ConfigNode][] {
    const value = this.#entries[key] ?? {};
    if (typeof value !== "object" || Array.isArray(value)) this.refuse(key, "must be a map");
    return Object.entries(value).map(([name, entry]) => [
      name,
      new ConfigNode(entry, `${this.#below(key)}.${name}`, keys),
    ]);
  }

  #below(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }

  /** What stands under a key, as it was read. */
  raw(key: string): unknown {
    return this.#entries[key] ?? undefined;
  }

  #list(key: string): unknown[] {
    const value = this.#entries[key] ?? [];
    return Array.isArray(value) ? value : this.refuse(key, "must be a list");
  }
}
