import type { FieldCause } from "../errors.ts";
import { isObject } from "../merge_patch.ts";
import { memberOf } from "./prune.ts";
import type { Schema } from "./schema.ts";

/** RFC 3339. */
const DATE_TIME = /^(\d{4}-\d\d-(\d\d))T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type Finding = Omit<FieldCause, "field">;

/** Makes a finding about a value, as the API server words it. */
export function invalid(shown: string, message: string): Finding {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${shown}: ${message}` };
}

/** What a missing value is called. */
export const MISSING: Finding = { reason: "FieldValueRequired", message: "Required value" };

/** Says if a text is a moment that exists; the 30th of February does not. */
function isDateTime(text: string): boolean {
  const [, date = "", day] = DATE_TIME.exec(text) ?? [];
  return !Number.isNaN(Date.parse(text)) && new Date(date).getUTCDate() === Number(day);
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

type TextCheck = (text: string, schema: Schema, path: string) => Finding | undefined;

/** What a text is checked for; the first that fails is told. */
const TEXT_CHECKS: readonly TextCheck[] = [
  (text, { maxLength }) =>
    maxLength !== undefined && [...text].length > maxLength
      ? {
        reason: "FieldValueTooLong",
        message: `Too long: may not be more than ${maxLength} bytes`,
      }
      : undefined,
  (text, { minLength }, path) =>
    minLength !== undefined && [...text].length < minLength
      ? invalid(
        JSON.stringify(text),
        `${path} in body should be at least ${minLength} chars long`,
      )
      : undefined,
  (text, { pattern }, path) =>
    pattern !== undefined && !new RegExp(pattern).test(text)
      ? invalid(JSON.stringify(text), `${path} in body should match '${pattern}'`)
      : undefined,
  (text, { format }, path) =>
    format === "date-time" && !isDateTime(text)
      ? {
        ...invalid(
          JSON.stringify(text),
          `${path} in body must be of type date-time: ${JSON.stringify(text)}`,
        ),
        reason: "FieldValueTypeInvalid",
      }
      : undefined,
  (text, { format }, path) =>
    format === "byte" && !BASE64.test(text)
      ? invalid('"(not shown)"', `${path} in body must be of type byte`)
      : undefined,
  (text, schema) =>
    schema.enum !== undefined && !schema.enum.includes(text)
      ? {
        reason: "FieldValueNotSupported",
        message: `Unsupported value: ${JSON.stringify(text)}: supported values: ` +
          schema.enum.map((one) => JSON.stringify(one)).join(", "),
      }
      : undefined,
];

/** Checks a pruned value against its schema, and names every fault; rules are checked apart. */
export function checkSchema(schema: Schema, value: unknown, path = ""): FieldCause[] {
  const type = typeOf(value);
  const at = (finding: Finding | undefined): FieldCause[] =>
    finding === undefined ? [] : [{ field: path, ...finding }];
  if (type !== schema.type) {
    const message = `${path} in body must be of type ${schema.type}: "${type}"`;
    return at({ ...invalid(`"${type}"`, message), reason: "FieldValueTypeInvalid" });
  }
  if (typeof value === "string") {
    for (const check of TEXT_CHECKS) {
      const finding = check(value, schema, path);
      if (finding !== undefined) return at(finding);
    }
  }
  if (typeof value === "number" && schema.minimum !== undefined && value < schema.minimum) {
    const message = `${path} in body should be greater than or equal to ${schema.minimum}`;
    return at(invalid(String(value), message));
  }
  const { items } = schema;
  if (Array.isArray(value) && items !== undefined) {
    return value.flatMap((item, index) => checkSchema(items, item, `${path}[${index}]`));
  }
  return isObject(value) ? checkMembers(schema, value, path) : [];
}

function checkMembers(schema: Schema, value: Record<string, unknown>, path: string): FieldCause[] {
  const inner = (key: string) => path === "" ? key : `${path}.${key}`;
  const keys = Object.keys(value);
  const causes: FieldCause[] = [];
  if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) {
    const message = `Too many: ${keys.length}: must have at most ${schema.maxProperties} items`;
    causes.push({ field: path, reason: "FieldValueTooMany", message });
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) causes.push({ field: inner(key), ...MISSING });
  }
  for (const key of keys) {
    const known = memberOf(schema, key);
    if (known !== undefined) causes.push(...checkSchema(known, value[key], inner(key)));
  }
  return causes;
}

/** Checks the rules of a schema's values; `old` is the value that was stored, on an update. */
export function checkRules(
  schema: Schema,
  value: unknown,
  old: unknown,
  path = "",
): FieldCause[] {
  const causes = (schema["x-kubernetes-validations"] ?? [])
    .filter((rule) => rule.onUpdate !== true || old !== undefined)
    .filter((rule) => !rule.holds(value, old))
    .map(({ message }) => ({
      field: path,
      reason: "FieldValueInvalid",
      message: `Invalid value: ${message}`,
    }));
  const { items } = schema;
  if (Array.isArray(value) && items !== undefined) {
    // Items have no identity, so a rule that compares with the value before cannot be about one.
    causes.push(
      ...value.flatMap((item, index) => checkRules(items, item, undefined, `${path}[${index}]`)),
    );
  }
  if (isObject(value)) {
    for (const [key, one] of Object.entries(value)) {
      const known = memberOf(schema, key);
      const before = isObject(old) ? old[key] : undefined;
      const inner = path === "" ? key : `${path}.${key}`;
      if (known !== undefined) causes.push(...checkRules(known, one, before, inner));
    }
  }
  return causes;
}
