/** One rule over a value, as `x-kubernetes-validations` have them. */
export interface Rule {
  /** The rule in CEL, for the API's description and for a cluster. */
  readonly rule: string;
  /** What is told when it does not hold. */
  readonly message: string;
  /** The rule as we evaluate it: the value, and the one stored before. Not part of the JSON text. */
  readonly holds: (self: unknown, old: unknown) => boolean;
  /** Whether the rule compares with the value before, and so counts for updates only. */
  readonly onUpdate?: boolean;
}

/** A structural schema, as CRDs and OpenAPI have it; what it says as JSON is served as it is. */
export interface Schema {
  /** The JSON type. */
  readonly type: "object" | "array" | "string" | "boolean" | "integer";
  /** What the value is. */
  readonly description?: string;
  /** The members of an object; others are dropped, unless `additionalProperties` takes them. */
  readonly properties?: Readonly<Record<string, Schema>>;
  /** What every other member of an object is. */
  readonly additionalProperties?: Schema;
  /** The members an object must have. */
  readonly required?: readonly string[];
  /** What every item of an array is. */
  readonly items?: Schema;
  /** What is stored when the value is absent or null. */
  readonly default?: unknown;
  /** The texts allowed. */
  readonly enum?: readonly string[];
  /** What the text must match. */
  readonly pattern?: string;
  /** The shortest text, in characters. */
  readonly minLength?: number;
  /** The longest text, in characters. */
  readonly maxLength?: number;
  /** The least number. */
  readonly minimum?: number;
  /** The most members an object may have. */
  readonly maxProperties?: number;
  /** What kind of text or number it is. */
  readonly format?: "date-time" | "int64" | "byte";
  /** Whether the object is replaced as a whole by server-side apply. */
  readonly "x-kubernetes-map-type"?: "atomic";
  /** Whether members that `properties` do not name are kept. */
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  /** Rules over the value as a whole. */
  readonly "x-kubernetes-validations"?: readonly Rule[];
}

/** Makes the schema of an object. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  more: Omit<Schema, "type" | "properties"> = {},
): Schema {
  return { type: "object", properties, ...more };
}

/** Makes the schema of an array. */
export function array(items: Schema, more: Omit<Schema, "type" | "items"> = {}): Schema {
  return { type: "array", items, ...more };
}

/** Makes the schema of an object whose members all are of one kind. */
export function map(
  additionalProperties: Schema,
  more: Omit<Schema, "type" | "additionalProperties"> = {},
): Schema {
  return { type: "object", additionalProperties, ...more };
}

/** Makes the schema of a text. */
export function text(
  description?: string,
  more: Omit<Schema, "type" | "description"> = {},
): Schema {
  return { type: "string", ...(description === undefined ? {} : { description }), ...more };
}
