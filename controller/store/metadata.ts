/** What the API server asks of an object's metadata. */
import type { FieldCause } from "./errors.ts";
import { isObject } from "./merge_patch.ts";
import { invalid, MISSING } from "./schema/check.ts";

const LABEL_1123 = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL_1123}(\\.${LABEL_1123})*`;
const NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const MAX_SUBDOMAIN = 253;
const MAX_NAME_PART = 63;
/** All annotations of an object together, bytes. */
const MAX_ANNOTATIONS = 256 * 1024;

const usedFor = (pattern: string) => `regex used for validation is '${pattern}'`;

/** One thing that is asked of a text: how it must look, how long it may be, how to say so. */
interface Form {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly unit: "bytes" | "characters";
  readonly message: string;
}

const NAME: Form = {
  pattern: new RegExp(`^${SUBDOMAIN}$`),
  longest: MAX_SUBDOMAIN,
  unit: "characters",
  message: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, " +
    "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', " +
    `${usedFor(SUBDOMAIN)})`,
};

const NAMESPACE: Form = {
  pattern: new RegExp(`^${LABEL_1123}$`),
  longest: MAX_NAME_PART,
  unit: "characters",
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
    "and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', " +
    `${usedFor(LABEL_1123)})`,
};

const KEY_NAME: Form = {
  pattern: new RegExp(`^${NAME_PART}$`),
  longest: MAX_NAME_PART,
  unit: "bytes",
  message: "must consist of alphanumeric characters, '-', '_' or '.', and must start " +
    "and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', " +
    `${usedFor(NAME_PART)})`,
};

const KEY_PREFIX: Form = { ...NAME, unit: "bytes" };

const LABEL_VALUE: Form = {
  pattern: new RegExp(`^(${NAME_PART})?$`),
  longest: MAX_NAME_PART,
  unit: "bytes",
  message:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' " +
    "or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
    `'my_value',  or '12345', ${usedFor(`(${NAME_PART})?`)})`,
};

/** Says what is wrong with a text. */
function faultsOf({ pattern, longest, unit, message }: Form, text: string): string[] {
  const isTooLong = new TextEncoder().encode(text).length > longest;
  return [
    ...(isTooLong ? [`must be no more than ${longest} ${unit}`] : []),
    ...(pattern.test(text) ? [] : [message]),
  ];
}

/** Says what is wrong with one part of a key. */
function faultsOfPart(what: string, form: Form, text: string): string[] {
  const faults = faultsOf(form, text);
  return (text === "" ? ["must be non-empty", ...faults] : faults).map((fault) =>
    `${what} ${fault}`
  );
}

/** Says what is wrong with a key of labels, annotations, finalizers: `name` or `prefix/name`. */
export function faultsOfKey(key: string): string[] {
  const [first = "", second, more] = key.split("/");
  if (more !== undefined) {
    return [
      `a valid label key ${KEY_NAME.message} with an optional DNS subdomain prefix and '/' ` +
      "(e.g. 'example.com/MyName')",
    ];
  }
  if (second === undefined) return faultsOfPart("name part", KEY_NAME, first);
  return [
    ...(first === ""
      ? ["prefix part must be non-empty"]
      : faultsOfPart("prefix part", KEY_PREFIX, first)),
    ...faultsOfPart("name part", KEY_NAME, second),
  ];
}

/** Says what is wrong with the value of a label. */
export function faultsOfLabelValue(value: string): string[] {
  return faultsOf(LABEL_VALUE, value);
}

type Field = (value: unknown, path: string) => FieldCause[];

const quoted = (value: unknown) => JSON.stringify(value);
const because = (field: string, value: unknown, faults: string[]): FieldCause[] =>
  faults.map((fault) => ({ field, ...invalid(quoted(value), fault) }));
const wrongType = (field: string, wanted: string): FieldCause[] => [
  { field, reason: "FieldValueTypeInvalid", message: `Invalid value: must be of type ${wanted}` },
];

const name: Field = (value, field) => {
  if (value === undefined || value === "") {
    return [{
      field,
      reason: MISSING.reason,
      message: `${MISSING.message}: name or generateName is required`,
    }];
  }
  return typeof value === "string"
    ? because(field, value, faultsOf(NAME, value))
    : wrongType(field, "string");
};

const namespace: Field = (value, field) => {
  if (value === undefined || value === "") return [{ field, ...MISSING }];
  return typeof value === "string"
    ? because(field, value, faultsOf(NAMESPACE, value))
    : wrongType(field, "string");
};

/** Checks every entry of a map of texts. */
function entries(check: (key: string, value: string) => [unknown, string][]): Field {
  return (map, field) => {
    if (!isObject(map)) return wrongType(field, "object");
    return Object.entries(map).flatMap(([key, value]) =>
      typeof value === "string"
        ? check(key, value).flatMap(([shown, fault]) => because(field, shown, [fault]))
        : wrongType(`${field}.${key}`, "string")
    );
  };
}

const labels: Field = entries((key, value) => [
  ...faultsOfKey(key).map((fault): [string, string] => [key, fault]),
  ...faultsOfLabelValue(value).map((fault): [string, string] => [value, fault]),
]);

const annotationKeys: Field = entries((key) =>
  faultsOfKey(key.toLowerCase()).map((fault) => [key, fault])
);

const annotations: Field = (map, field) => {
  const size = isObject(map) ? JSON.stringify(map).length : 0;
  if (size <= MAX_ANNOTATIONS) return annotationKeys(map, field);
  const message = `Too long: may not be more than ${MAX_ANNOTATIONS} bytes`;
  return [{ field, reason: "FieldValueTooLong", message }];
};

const OWNER_PARTS = ["apiVersion", "kind", "name", "uid"] as const;

const ownerReferences: Field = (list, field) => {
  if (!Array.isArray(list)) return wrongType(field, "array");
  const owners = list.map((owner: unknown) => isObject(owner) ? owner : {});
  const causes = owners.flatMap((owner) =>
    OWNER_PARTS.filter((part) => typeof owner[part] !== "string" || owner[part] === "")
      .map((part) => ({
        field: `${field}.${part}`,
        ...invalid('""', part === "apiVersion" ? "version must not be empty" : "must not be empty"),
      }))
  );
  const [first, second] = owners.filter(({ controller }) => controller === true)
    .map(({ kind, name }) => `${kind}/${name}`);
  if (second === undefined) return causes;
  const fault = "Only one reference can have Controller set to true. " +
    `Found "true" in references for ${first} and ${second}`;
  return [...causes, { field, ...invalid(quoted(list), fault) }];
};

const finalizers: Field = (list, field) =>
  Array.isArray(list) && list.every((one) => typeof one === "string")
    ? list.flatMap((one: string) => because(field, one, faultsOfKey(one)))
    : wrongType(field, "array");

const FIELDS: Readonly<Record<string, Field>> = {
  labels,
  annotations,
  ownerReferences,
  finalizers,
};

/** Names every fault of an object's metadata. */
export function checkMetadata(metadata: Readonly<Record<string, unknown>>): FieldCause[] {
  return [
    ...name(metadata.name, "metadata.name"),
    ...namespace(metadata.namespace, "metadata.namespace"),
    ...Object.entries(FIELDS).flatMap(([key, check]) =>
      metadata[key] === undefined ? [] : check(metadata[key], `metadata.${key}`)
    ),
  ];
}
