/** What Secrets and ConfigMaps are checked for beyond their schemas. */
import type { FieldCause } from "../errors.ts";
import type { KindFacts } from "../kinds.ts";
import { equal } from "../json.ts";
import { isObject, type JsonObject } from "../merge_patch.ts";
import { invalid } from "./check.ts";

const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const KEY_MESSAGE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
  "(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
/** All values together, bytes. */
const MAX_DATA = 1024 * 1024;
/** What an immutable object keeps. */
const KEPT = ["immutable", "data", "binaryData"] as const;

function faultOfKey(key: string): string | undefined {
  if (!KEY.test(key)) return KEY_MESSAGE;
  if (key === "." || key === "..") return `must not be '${key}'`;
  return key.startsWith("..") ? "must not start with '..'" : undefined;
}

function duplicate(key: string, { binaryData }: JsonObject): string | undefined {
  const isThere = isObject(binaryData) && Object.hasOwn(binaryData, key);
  return isThere ? "duplicate of key present in binaryData" : undefined;
}

/** Checks keys, the size, and that what is immutable stays as it is. */
export function checkData(kind: KindFacts, object: JsonObject, old?: JsonObject): FieldCause[] {
  const causes: FieldCause[] = [];
  let size = 0;
  for (const field of ["data", "binaryData"]) {
    const data = object[field];
    for (const [key, value] of isObject(data) ? Object.entries(data) : []) {
      size += String(value).length * (kind.kind === "Secret" || field === "binaryData" ? 3 / 4 : 1);
      const fault = faultOfKey(key) ?? (field === "data" ? duplicate(key, object) : undefined);
      if (fault === undefined) continue;
      causes.push({ field: `${field}[${key}]`, ...invalid(JSON.stringify(key), fault) });
    }
  }
  if (size > MAX_DATA) {
    const message = `Too long: may not be more than ${MAX_DATA} bytes`;
    causes.push({ field: "data", reason: "FieldValueTooLong", message });
  }
  if (old?.immutable === true) {
    causes.push(
      ...KEPT.filter((field) => !equal(object[field], old[field])).map((field) => ({
        field,
        reason: "FieldValueForbidden",
        message: "Forbidden: field is immutable when `immutable` is set",
      })),
    );
  }
  if (kind.kind === "Secret" && old !== undefined && object.type !== old.type) {
    causes.push({
      field: "type",
      ...invalid(JSON.stringify(object.type), "field is immutable"),
    });
  }
  return causes;
}
