/** Who applied which fields of an object: its `managedFields`. */
import { isObject, type JsonObject } from "../../store/mod.ts";
import { FieldSet } from "./field_set.ts";

/** A manager and its fields. */
export interface Manager {
  /** Its name. */
  readonly name: string;
  /** The fields that are its own. */
  readonly fields: FieldSet;
  /** The entry as it is stored. */
  readonly entry: JsonObject;
}

const APPLY = "Apply";

/** Reads `managedFields`; entries of which no sense can be made own nothing, and stay. */
export function managersOf(managedFields: unknown): Manager[] {
  const entries = Array.isArray(managedFields) ? managedFields.filter(isObject) : [];
  return entries.map((entry) => ({
    name: String(entry.manager ?? ""),
    fields: FieldSet.parse(entry.fieldsV1),
    entry,
  }));
}

/** Whether a manager is the one that applies under a name. */
export function isApplier({ name, entry }: Manager, asked: string): boolean {
  return name === asked && entry.operation === APPLY && !entry.subresource;
}

/** The entry of a manager that applies these fields; the one before, when they were the same. */
export function entryOf(
  before: Manager | undefined,
  fields: FieldSet,
  facts: { readonly manager: string; readonly apiVersion: string; readonly time: string },
): JsonObject {
  if (before?.fields.equals(fields)) return before.entry;
  return { ...facts, operation: APPLY, fieldsType: "FieldsV1", fieldsV1: fields.format() };
}

/** The entry of another manager, without fields that were taken from it; nothing when it has none left. */
export function entryWithout({ fields, entry }: Manager, taken: FieldSet): JsonObject[] {
  const left = fields.without(taken);
  if (left.equals(fields)) return [entry];
  return left.paths.length === 0 ? [] : [{ ...entry, fieldsV1: left.format() }];
}
