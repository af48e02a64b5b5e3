/** Strategic merge patches, as `kubectl apply` makes them for Secrets and ConfigMaps. */
import { isObject, type JsonObject } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";

/** Lists that are merged: by a key of their items, or as a set; all others are replaced. */
const MERGED: Readonly<Record<string, string | undefined>> = {
  ownerReferences: "uid",
  finalizers: undefined,
};

const DIRECTIVE = "$patch";
const RETAIN = "$retainKeys";
const DELETE_FROM = "$deleteFromPrimitiveList/";
const ORDER = "$setElementOrder/";

/** Applies a strategic merge patch to an object of the core group; neither argument is changed. */
export function strategicPatch(target: unknown, patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: directive, [RETAIN]: retained, ...changes } = patch;
  if (directive === "replace") return changes;
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw new ApiError("BadRequest", `Unknown patch type found: ${JSON.stringify(directive)}`);
  }
  // A map, because a member called __proto__ is a member like any other.
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  if (Array.isArray(retained)) {
    for (const key of merged.keys()) if (!retained.includes(key)) merged.delete(key);
  }
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(ORDER)) continue;
    if (key.startsWith(DELETE_FROM)) {
      const name = key.slice(DELETE_FROM.length);
      const list = merged.get(name);
      if (Array.isArray(list) && Array.isArray(value)) {
        merged.set(name, list.filter((item) => !value.includes(item)));
      }
    } else if (value === null) merged.delete(key);
    else merged.set(key, mergeValue(key, merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function mergeValue(name: string, old: unknown, value: unknown): unknown {
  if (isObject(value)) return strategicPatch(old, value);
  if (!Array.isArray(value) || !Object.hasOwn(MERGED, name)) return value;
  const items = Array.isArray(old) ? old : [];
  const key = MERGED[name];
  return key === undefined ? [...new Set([...items, ...value])] : mergeItems(key, items, value);
}

function mergeItems(key: string, old: readonly unknown[], patches: readonly unknown[]): unknown[] {
  const keyOf = (item: unknown) => isObject(item) ? item[key] : undefined;
  if (patches.some((item) => isObject(item) && item[DIRECTIVE] === "replace")) {
    return patches.filter((item) => isObject(item) && item[DIRECTIVE] === undefined);
  }
  const items = new Map(old.map((item) => [keyOf(item), item]));
  for (const item of patches) {
    if (!isObject(item) || item[key] === undefined) {
      throw new ApiError("BadRequest", `an item of the patch has no ${key}`);
    }
    if (item[DIRECTIVE] === "delete") items.delete(item[key]);
    else items.set(item[key], strategicPatch(items.get(item[key]), item));
  }
  return [...items.values()];
}
