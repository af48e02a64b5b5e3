import { nearest } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";

/** A map of a configuration, with known keys. What is empty counts as absent. */
export class ConfigNode {
  #entries: Readonly<Record<string, unknown>>;
  #path: string;

  /** @throws {ConfigError} when it is no map, or has another key */
  constructor(value: unknown, path: string, keys: readonly string[]) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ConfigError(`${path} must be a map with ${keys.join(", ")}`);
    }
    this.#entries = value as Record<string, unknown>;
    this.#path = path;
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const near = nearest(key, keys);
      const hint = near === undefined ? `known are ${keys.join(", ")}` : `did you mean "${near}"?`;
      throw new ConfigError(`${path} has an unknown key "${key}"; ${hint}`);
    }
  }

  /** Fails with a sentence that begins with the key's path. */
  refuse(key: string, predicate: string): never {
    throw new ConfigError(`${this.#path}.${key} ${predicate}`);
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
    return value === undefined ? undefined : new ConfigNode(value, `${this.#path}.${key}`, keys);
  }

  /** A list of maps. */
  maps(key: string, keys: readonly string[]): ConfigNode[] {
    return this.#list(key).map((item, index) =>
      new ConfigNode(item, `${this.#path}.${key}[${index}]`, keys)
    );
  }

  #list(key: string): unknown[] {
    const value = this.#entries[key] ?? [];
    return Array.isArray(value) ? value : this.refuse(key, "must be a list");
  }
}
