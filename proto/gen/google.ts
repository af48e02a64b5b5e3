// Made from google/protobuf/*.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, oneof, optional, repeated } from "../message.ts";

/** The null of JSON. */
export const NullValue = {
  NULL_VALUE: 0,
} as const;
/** The null of JSON. */
export type NullValue = (typeof NullValue)[keyof typeof NullValue] | number;

/** A span of time; both parts have the same sign. */
export interface Duration {
  /** Whole seconds. */
  seconds: number;
  /** Nanoseconds on top. */
  nanos: number;
}
/** A span of time; both parts have the same sign. */
export const Duration: Codec<Duration> = message("google.protobuf.Duration", () => [
  field(1, "seconds", "int64"),
  field(2, "nanos", "int32"),
]);

/** A message without fields. */
export type Empty = Record<string, never>;
/** A message without fields. */
export const Empty: Codec<Empty> = message("google.protobuf.Empty", () => []);

/** Names fields of a message. */
export interface FieldMask {
  /** Names in snake case. */
  paths: string[];
}
/** Names fields of a message. */
export const FieldMask: Codec<FieldMask> = message("google.protobuf.FieldMask", () => [
  repeated(1, "paths", "string"),
]);

/** An object of JSON. */
export interface Struct {
  /** Its members. */
  fields: Record<string, Value>;
}
/** An object of JSON. */
export const Struct: Codec<Struct> = message("google.protobuf.Struct", () => [
  map(1, "fields", Value),
]);

/** Any value of JSON; with no member set it counts as null. */
export interface Value {
  /** Null. */
  nullValue?: NullValue;
  /** A number, finite. */
  numberValue?: number;
  /** Text. */
  stringValue?: string;
  /** True or false. */
  boolValue?: boolean;
  /** An object. */
  structValue?: Struct;
  /** An array. */
  listValue?: ListValue;
}
/** Any value of JSON; with no member set it counts as null. */
export const Value: Codec<Value> = message("google.protobuf.Value", () => [
  ...oneof("kind", [
    optional(1, "nullValue", "enum"),
    optional(2, "numberValue", "double"),
    optional(3, "stringValue", "string"),
    optional(4, "boolValue", "bool"),
    optional(5, "structValue", Struct),
    optional(6, "listValue", ListValue),
  ]),
]);

/** An array of JSON. */
export interface ListValue {
  /** Its items. */
  values: Value[];
}
/** An array of JSON. */
export const ListValue: Codec<ListValue> = message("google.protobuf.ListValue", () => [
  repeated(1, "values", Value),
]);

/** A point in time. */
export interface Timestamp {
  /** Seconds since 1970-01-01 UTC. */
  seconds: number;
  /** Nanoseconds within the second. */
  nanos: number;
}
/** A point in time. */
export const Timestamp: Codec<Timestamp> = message("google.protobuf.Timestamp", () => [
  field(1, "seconds", "int64"),
  field(2, "nanos", "int32"),
]);
