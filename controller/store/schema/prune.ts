import { isObject } from "../merge_patch.ts";
import type { Schema } from "./schema.ts";

/**
 * Copies a value as its schema knows it: unknown members are dropped (and named in `unknown`), null
 * counts as absent, and what is absent and has a default gets it. What has the wrong type stays, for
 * the check to find. Nothing of the value is shared with the copy.
 */
export function prune(schema: Schema, value: unknown, unknown: string[], path = ""): unknown {
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return structuredClone(value);
  if (schema.type === "array" && Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return structuredClone(value);
    return value.map((item, index) => prune(items, item, unknown, `${path}[${index}]`));
  }
  if (schema.type !== "object" || !isObject(value)) return structuredClone(value);
  const kept: [string, unknown][] = [];
  for (const [key, one] of Object.entries(value)) {
    const inner = path === "" ? key : `${path}.${key}`;
    const known = memberOf(schema, key);
    if (known === undefined) unknown.push(inner);
    else if (one !== null && one !== undefined) kept.push([key, prune(known, one, unknown, inner)]);
  }
  const names = new Set(kept.map(([key]) => key));
  for (const [key, known] of Object.entries(schema.properties ?? {})) {
    if (known.default === undefined || names.has(key)) continue;
    kept.push([key, prune(known, known.default, unknown, key)]);
  }
  return Object.fromEntries(kept);
}

/** Finds the schema of a member of an object; undefined when there may be none of that name. */
export function memberOf(schema: Schema, key: string): Schema | undefined {
  const { properties } = schema;
  return properties !== undefined && Object.hasOwn(properties, key)
    ? properties[key]
    : schema.additionalProperties;
}
