/** Server-side apply: a manager says which fields it wants, and keeps them from other managers. */
import { equal, isObject, type JsonObject, type Schema } from "../../store/mod.ts";
import { type FieldPath, FieldSet, isMapOfFields } from "./field_set.ts";
import { entryOf, entryWithout, isApplier, type Manager, managersOf } from "./managers.ts";

/** Who applies, and how. */
export interface Applier {
  /** The manager. */
  readonly manager: string;
  /** Whether it takes fields that others have with another value. */
  readonly force: boolean;
  /** The version of the object's shape. */
  readonly apiVersion: string;
  /** The time, RFC 3339. */
  readonly time: string;
}

/** A field that another manager has with another value. */
export interface FieldConflict {
  /** Who has it. */
  readonly manager: string;
  /** Where it is: `.spec.enabled`. */
  readonly field: string;
}

/** What comes of applying: the next object, or the conflicts that are in the way. */
export type Applied = { readonly object: JsonObject } | { readonly conflicts: FieldConflict[] };

/**
 * Applies what a manager wants to an object as it is: its fields are set, those that it wanted before
 * and no longer wants are taken away unless another manager has them. Nothing that is given changes.
 */
export function apply(
  live: JsonObject,
  wanted: JsonObject,
  schema: Schema,
  applier: Applier,
): Applied {
  const managers = managersOf(metadataOf(live).managedFields);
  const own = managers.find((one) => isApplier(one, applier.manager));
  const others = managers.filter((one) => one !== own);
  const fields = FieldSet.of(wanted, schema);
  const changed = fields.paths.filter((path) =>
    changes(valueAt(live, path), valueAt(wanted, path))
  );
  const conflicts = others.flatMap(({ name, fields: theirs }) =>
    changed.filter((path) => theirs.has(path)).map((path) => ({
      manager: name,
      field: shown(path),
    }))
  );
  if (conflicts.length > 0 && !applier.force) return { conflicts };

  const object = structuredClone(live);
  const dropped = (own?.fields ?? new FieldSet()).without(fields).paths;
  for (const path of dropped.filter((path) => !isAnothers(path, others))) {
    // A map that was applied when it was empty may hold what others have put there.
    if (!isFilled(valueAt(object, path)) || !isMapOfFields(schema, path)) remove(object, path);
  }
  for (const path of fields.paths) set(object, path, valueAt(wanted, path));
  const taken = new FieldSet(changed);
  const { manager, apiVersion, time } = applier;
  object.metadata = {
    ...metadataOf(object),
    managedFields: [
      ...others.flatMap((one) => entryWithout(one, taken)),
      entryOf(own, fields, { manager, apiVersion, time }),
    ],
  };
  return { object };
}

/** What a manager that creates an object by applying has of it. */
export function managedFrom(wanted: JsonObject, schema: Schema, applier: Applier): JsonObject[] {
  const { manager, apiVersion, time } = applier;
  return [entryOf(undefined, FieldSet.of(wanted, schema), { manager, apiVersion, time })];
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return isObject(metadata) ? metadata : {};
}

function isAnothers(path: FieldPath, others: readonly Manager[]): boolean {
  return others.some(({ fields }) => fields.has(path));
}

/** Whether a value is other than what is there; an empty map asks for no more than a map. */
function changes(live: unknown, wanted: unknown): boolean {
  return !(isEmpty(wanted) && isObject(live)) && !equal(live, wanted);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function isFilled(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}

function valueAt(object: JsonObject, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, key) => isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined,
    object,
  );
}

function set(object: JsonObject, path: FieldPath, value: unknown): void {
  const map = mapAt(object, path.slice(0, -1), true)!;
  const key = path.at(-1)!;
  const isThere = isEmpty(value) && Object.hasOwn(map, key) && isObject(map[key]);
  if (!isThere) define(map, key, structuredClone(value));
}

function remove(object: JsonObject, path: FieldPath): void {
  const map = mapAt(object, path.slice(0, -1), false);
  if (map !== undefined) delete map[path.at(-1)!];
}

function mapAt(object: JsonObject, path: FieldPath, isMade: boolean): JsonObject | undefined {
  let map = object;
  for (const key of path) {
    const inner = Object.hasOwn(map, key) ? map[key] : undefined;
    if (isObject(inner)) map = inner;
    else if (!isMade) return undefined;
    else map = define(map, key, {}) as JsonObject;
  }
  return map;
}

/** A member called `__proto__` is a member like any other. */
function define(map: JsonObject, key: string, value: unknown): unknown {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  return value;
}

function shown(path: FieldPath): string {
  return `.${path.join(".")}`;
}
