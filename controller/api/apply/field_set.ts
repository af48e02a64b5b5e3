/** Sets of fields, as server-side apply keeps them in `managedFields`. */
import { isObject, type JsonObject, type Schema } from "../../store/mod.ts";

/** The keys that lead to a field. */
export type FieldPath = readonly string[];

/** Maps of metadata whose members are fields of their own. */
const METADATA: Schema = {
  type: "object",
  properties: Object.fromEntries(
    ["annotations", "labels"].map((key) => [
      key,
      { type: "object", additionalProperties: { type: "string" } },
    ]),
  ),
};
/** What names an object, or is the store's: nobody's field. */
const IDENTITY = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/**
 * Some fields of an object: the paths to its values. A list is one value, a map is one where its schema
 * says so, or where it is empty.
 */
export class FieldSet {
  readonly #paths: ReadonlyMap<string, FieldPath>;

  constructor(paths: Iterable<FieldPath> = []) {
    this.#paths = new Map(Array.from(paths, (path) => [JSON.stringify(path), path]));
  }

  /** All fields of an object but those that name it. */
  static of(object: JsonObject, schema: Schema): FieldSet {
    const paths = [...pathsOf(object, withMetadata(schema), [])];
    return new FieldSet(paths.filter((path) => !IDENTITY.includes(path.join("."))));
  }

  /** Reads `fieldsV1`; what it says of the items of a list counts for the list. */
  static parse(fields: unknown): FieldSet {
    return new FieldSet(parsed(fields, []));
  }

  /** The paths. */
  get paths(): FieldPath[] {
    return [...this.#paths.values()];
  }

  /** Whether the field at a path is one of them. */
  has(path: FieldPath): boolean {
    return this.#paths.has(JSON.stringify(path));
  }

  /** Those that are not in another set. */
  without(other: FieldSet): FieldSet {
    return new FieldSet(this.paths.filter((path) => !other.has(path)));
  }

  /** Whether two sets have the same fields. */
  equals(other: FieldSet): boolean {
    return this.#paths.size === other.#paths.size && this.without(other).#paths.size === 0;
  }

  /** The set as `fieldsV1`. */
  format(): JsonObject {
    const root: JsonObject = {};
    for (const path of this.paths) {
      let at = root;
      for (const key of path) at = (at[`f:${key}`] ??= {}) as JsonObject;
    }
    return root;
  }
}

/** Whether the members of the map at a path are fields of their own. */
export function isMapOfFields(schema: Schema, path: FieldPath): boolean {
  return isGranular(path.reduce<Schema | undefined>(member, withMetadata(schema)));
}

function withMetadata(schema: Schema): Schema {
  return { ...schema, properties: { ...schema.properties, metadata: METADATA } };
}

function isGranular(schema: Schema | undefined): schema is Schema {
  return schema?.type === "object" && schema["x-kubernetes-map-type"] !== "atomic";
}

function member(schema: Schema | undefined, key: string): Schema | undefined {
  const properties = schema?.properties ?? {};
  return Object.hasOwn(properties, key) ? properties[key] : schema?.additionalProperties;
}

function* pathsOf(
  value: unknown,
  schema: Schema | undefined,
  path: FieldPath,
): Generator<FieldPath> {
  if (!isGranular(schema) || !isObject(value) || Object.keys(value).length === 0) return yield path;
  for (const [key, one] of Object.entries(value)) {
    yield* pathsOf(one, member(schema, key), [...path, key]);
  }
}

function* parsed(fields: unknown, path: FieldPath): Generator<FieldPath> {
  const members = isObject(fields) ? Object.keys(fields).filter((key) => key.startsWith("f:")) : [];
  if (members.length === 0 && path.length > 0) yield path;
  for (const key of members) yield* parsed((fields as JsonObject)[key], [...path, key.slice(2)]);
}
