/** Secrets and ConfigMaps in protobuf: what `kubectl create secret` and `create configmap` send. */
import protobuf from "protobufjs/minimal";
import type { JsonObject, KindFacts } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";

/** The media type of an object in protobuf, within an envelope that names its kind. */
export const PROTOBUF = "application/vnd.kubernetes.protobuf";

type Read = (reader: protobuf.Reader) => unknown;

/** One field of a message, by its number in a {@linkcode Message}. */
interface Field {
  readonly name: string;
  readonly read: Read;
  /** Whether each value is one of many: entries of a map, or items of a list. */
  readonly many?: "map" | "list";
}

type Message = Readonly<Record<number, Field>>;

const text: Read = (reader) => reader.string();
const bytes: Read = (reader) => new Uint8Array(reader.bytes()).toBase64();
const flag: Read = (reader) => reader.bool();

function message(fields: Message): Read {
  return (reader) => decode(reader, reader.uint32() + reader.pos, fields);
}

function map(name: string, value: Read): Field {
  const entry = { 1: { name: "key", read: text }, 2: { name: "value", read: value } };
  return { name, read: message(entry), many: "map" };
}

const OWNER: Message = {
  1: { name: "kind", read: text },
  3: { name: "name", read: text },
  4: { name: "uid", read: text },
  5: { name: "apiVersion", read: text },
  6: { name: "controller", read: flag },
  7: { name: "blockOwnerDeletion", read: flag },
};

/** What the store gives (times, generation) is left out: a writer cannot set it anyway. */
const METADATA: Message = {
  1: { name: "name", read: text },
  2: { name: "generateName", read: text },
  3: { name: "namespace", read: text },
  5: { name: "uid", read: text },
  6: { name: "resourceVersion", read: text },
  11: map("labels", text),
  12: map("annotations", text),
  13: { name: "ownerReferences", read: message(OWNER), many: "list" },
  14: { name: "finalizers", read: text, many: "list" },
};

const KINDS: Readonly<Record<string, Message>> = {
  Secret: {
    1: { name: "metadata", read: message(METADATA) },
    2: map("data", bytes),
    3: { name: "type", read: text },
    4: map("stringData", text),
    5: { name: "immutable", read: flag },
  },
  ConfigMap: {
    1: { name: "metadata", read: message(METADATA) },
    2: map("data", text),
    3: map("binaryData", bytes),
    4: { name: "immutable", read: flag },
  },
};

const ENVELOPE: Message = {
  1: {
    name: "head",
    read: message({ 1: { name: "apiVersion", read: text }, 2: { name: "kind", read: text } }),
  },
  2: { name: "raw", read: (reader) => reader.bytes() },
};

/** What every such body begins with: `k8s` and a zero. */
const MAGIC = [0x6b, 0x38, 0x73, 0];

/** Whether objects of a kind are taken in protobuf. */
export function isInProtobuf({ kind }: KindFacts): boolean {
  return Object.hasOwn(KINDS, kind);
}

/** Reads an object of a kind; throws an {@linkcode ApiError} when the bytes are none. */
export function fromProtobuf({ kind }: KindFacts, body: Uint8Array): JsonObject {
  const fields = KINDS[kind];
  try {
    if (fields === undefined || MAGIC.some((byte, index) => body[index] !== byte)) {
      throw new RangeError("it does not begin as one");
    }
    const { head, raw } = decodeAll(body.subarray(MAGIC.length), ENVELOPE);
    const inner = raw instanceof Uint8Array ? raw : new Uint8Array();
    return { ...(head as JsonObject | undefined), ...present(decodeAll(inner, fields)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ApiError(
      "BadRequest",
      `the body of the request is not a ${kind} in protobuf: ${why}`,
    );
  }
}

function decodeAll(body: Uint8Array, fields: Message): JsonObject {
  return decode(protobuf.Reader.create(body), body.length, fields);
}

function decode(reader: protobuf.Reader, end: number, fields: Message): JsonObject {
  if (end > reader.len) throw new RangeError("it is cut off");
  const found = new Map<string, unknown>();
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    if (field === undefined) reader.skipType(tag & 7);
    else add(found, field, field.read(reader));
  }
  return Object.fromEntries(found);
}

function add(found: Map<string, unknown>, { name, many }: Field, value: unknown): void {
  const before = found.get(name);
  if (many === "list") found.set(name, [...(Array.isArray(before) ? before : []), value]);
  else if (many === "map") {
    const { key = "", value: one = "" } = value as { key?: string; value?: unknown };
    found.set(name, Object.fromEntries([...Object.entries(before ?? {}), [key, one]]));
  } else found.set(name, value);
}

/** Go writes fields that were never set as empty text; to us they are not there. */
function present(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== "").map(([name, value]) => [
      name,
      name === "metadata" ? present(value as JsonObject) : value,
    ]),
  );
}
