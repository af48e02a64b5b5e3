import type { Value } from "@jumpstarter/proto";
import { InvalidArgumentError } from "../errors.ts";

/** What a driver call carries: the values of JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Peers decode structs nested 33 deep; what is deeper is most likely a circle. */
const MAX_DEPTH = 32;

/**
 * Encodes a JavaScript value for the wire. `undefined` and numbers that JSON cannot carry become
 * null, a bigint a number, a Date its ISO text, a Set a list, a Map a struct. Bytes are refused:
 * base64 text or a stream carries them.
 */
export function toValue(input: unknown, depth = 0): Value {
  if (depth > MAX_DEPTH) {
    throw new InvalidArgumentError("the value is nested too deep, or circular");
  }
  switch (typeof input) {
    case "undefined":
      return { nullValue: 0 };
    case "boolean":
      return { boolValue: input };
    case "string":
      return { stringValue: input.isWellFormed() ? input : refuse("text with a lone surrogate") };
    case "number":
      return Number.isFinite(input) ? { numberValue: input } : { nullValue: 0 };
    case "bigint":
      return { numberValue: Number(input) };
    case "object":
      return input === null ? { nullValue: 0 } : objectValue(input, depth);
    default:
      return refuse(`a ${typeof input}`);
  }
}

function objectValue(input: object, depth: number): Value {
  if (ArrayBuffer.isView(input) || input instanceof ArrayBuffer) {
    return refuse("bytes (send base64 text, or use a stream)");
  }
  if (input instanceof Date) return { stringValue: input.toISOString() };
  if (input instanceof URL) return { stringValue: input.href };
  if (Array.isArray(input) || input instanceof Set) {
    return { listValue: { values: Array.from(input, (item) => toValue(item, depth + 1)) } };
  }
  const entries = input instanceof Map ? input.entries() : Object.entries(input);
  const fields: Record<string, Value> = Object.create(null);
  for (const [key, item] of entries) fields[String(key)] = toValue(item, depth + 1);
  return { structValue: { fields } };
}

function refuse(what: string): never {
  throw new InvalidArgumentError(`a driver call cannot carry ${what}`);
}

/** Decodes a value from the wire; a missing value and a value of no kind are null. */
export function fromValue(value: Value | undefined): Json {
  if (value === undefined) return null;
  if (value.numberValue !== undefined) return finite(value.numberValue);
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.listValue !== undefined) return value.listValue.values.map(fromValue);
  if (value.structValue === undefined) return null;
  const object: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value.structValue.fields)) {
    // Defined, not assigned: a key named __proto__ is data like any other.
    Object.defineProperty(object, key, {
      value: fromValue(item),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

function finite(number: number): number {
  if (Number.isFinite(number)) return number;
  throw new InvalidArgumentError("the value holds NaN or Infinity, which JSON does not know");
}
