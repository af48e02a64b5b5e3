import protobuf from "protobufjs/minimal";
import { type Codec, DecodeError, type Init } from "./codec.ts";
import { type ScalarName, SCALARS, type WireType } from "./scalars.ts";

/** Messages nest at most this deep, as in the peers' decoders. */
const MAX_DEPTH = 100;

/** One row of a message's table. */
export interface Field {
  readonly number: number;
  /** Property that holds the value. */
  readonly name: string;
  /** An `entry` field is half of a map's entry: never absent, always written. */
  readonly kind: "plain" | "optional" | "repeated" | "map" | "entry";
  readonly type: ScalarName | Codec<unknown>;
  /** At most one of the fields with the same choice is set. */
  readonly choice?: string;
}

type Row = (number: number, name: string, type: Field["type"]) => Field;

const row = (kind: Field["kind"]): Row => (number, name, type) => ({ number, name, kind, type });

/** A field that always has a value; its default stays off the wire. */
export const field: Row = row("plain");
/** A field that can be absent. */
export const optional: Row = row("optional");
/** A field with any number of values. */
export const repeated: Row = row("repeated");
/** A field with values by key, which is text. */
export const map: Row = row("map");
const entry: Row = row("entry");

/** Fields of which at most one is set. */
export function oneof(choice: string, fields: Field[]): Field[] {
  return fields.map((field) => ({ ...field, choice }));
}

/** Makes a codec from a table, which is read when the codec is first used. */
export function message<T extends object>(typeName: string, table: () => Field[]): Codec<T> {
  return new MessageCodec<T>(typeName, table);
}

type Values = Record<string, unknown>;

interface Slot extends Field {
  readonly tag: number;
  readonly wire: WireType;
  /** Properties of which none is set together with this one. */
  readonly rivals: readonly string[];
}

class MessageCodec<T extends object> implements Codec<T>, WireType {
  readonly typeName: string;
  readonly wireType = 2;
  readonly expects = "an object";
  readonly #table: () => Field[];
  readonly #slots: Slot[] = [];
  readonly #byNumber: Slot[] = [];
  #isLaidOut = false;

  constructor(typeName: string, table: () => Field[]) {
    this.typeName = typeName;
    this.#table = table;
  }

  encode(value: Init<T>): Uint8Array {
    const writer = protobuf.Writer.create();
    this.#write(writer, value as Values, 0);
    return writer.finish(true);
  }

  decode(bytes: Uint8Array): T {
    // A Buffer would hand out Buffers, whose slice() does not copy; nobody expects that.
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      return this.#read(new protobuf.Reader(plain), this.zero(), 0) as T;
    } catch (error) {
      throw new DecodeError(this.typeName, error);
    }
  }

  accepts(value: unknown): boolean {
    return typeof value === "object" && value !== null;
  }

  isZero(): boolean {
    return false;
  }

  zero(): Values {
    const values: Values = {};
    for (const { kind, name, wire } of this.#layout()) {
      if (kind === "repeated") values[name] = [];
      else if (kind === "map") values[name] = Object.create(null);
      else if (kind !== "optional") values[name] = wire.zero();
    }
    return values;
  }

  read(reader: protobuf.Reader, depth: number, previous: unknown): Values {
    if (depth > MAX_DEPTH) throw new Error(`messages nest more than ${MAX_DEPTH} deep`);
    const length = reader.uint32();
    const outerEnd = reader.len;
    const end = reader.pos + length;
    if (end > outerEnd) throw new Error(`a message of ${length} bytes is cut short`);
    reader.len = end;
    const values = this.#read(reader, (previous ?? this.zero()) as Values, depth);
    reader.len = outerEnd;
    return values;
  }

  write(writer: protobuf.Writer, value: unknown, depth: number): void {
    if (depth > MAX_DEPTH) {
      throw new RangeError(`cannot encode ${this.typeName}: nested more than ${MAX_DEPTH} deep`);
    }
    writer.fork();
    this.#write(writer, value as Values, depth);
    writer.ldelim();
  }

  #read(reader: protobuf.Reader, values: Values, depth: number): Values {
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      const slot = this.#byNumber[tag >>> 3];
      if (slot === undefined) skip(reader, tag);
      else if (slot.tag === tag) this.#readSlot(reader, slot, values, depth + 1);
      else throw new Error(`field ${slot.name} has wire type ${tag & 7}, not ${slot.tag & 7}`);
    }
    return values;
  }

  #readSlot(reader: protobuf.Reader, slot: Slot, values: Values, depth: number): void {
    const { kind, name, wire, rivals } = slot;
    if (kind === "repeated") {
      (values[name] as unknown[]).push(wire.read(reader, depth, undefined));
    } else if (kind === "map") {
      const { key, value } = wire.read(reader, depth, undefined) as Values;
      (values[name] as Values)[key as string] = value;
    } else {
      values[name] = wire.read(reader, depth, values[name]);
      for (const rival of rivals) delete values[rival];
    }
  }

  #write(writer: protobuf.Writer, values: Values, depth: number): void {
    for (const slot of this.#layout()) {
      const value = values[slot.name];
      if (value === undefined) continue;
      if (slot.kind === "repeated") {
        for (const item of value as unknown[]) this.#writeSlot(writer, slot, item, depth + 1);
      } else if (slot.kind === "map") {
        for (const key of Object.keys(value as Values).sort()) {
          const entry = { key, value: (value as Values)[key] };
          if (entry.value !== undefined) this.#writeSlot(writer, slot, entry, depth + 1);
        }
      } else {
        const rival = slot.rivals.find((name) => values[name] !== undefined);
        if (rival) throw new TypeError(`${this.typeName}: both ${rival} and ${slot.name} are set`);
        this.#writeSlot(writer, slot, value, depth + 1);
      }
    }
  }

  #writeSlot(writer: protobuf.Writer, slot: Slot, value: unknown, depth: number): void {
    const { kind, name, tag, wire } = slot;
    if (!wire.accepts(value)) {
      throw new TypeError(`${this.typeName}.${name}: expected ${wire.expects}`);
    }
    if (kind === "plain" && wire.isZero(value)) return;
    wire.write(writer.uint32(tag), value, depth);
  }

  #layout(): readonly Slot[] {
    if (!this.#isLaidOut) {
      this.#isLaidOut = true;
      const table = this.#table().sort((a, b) => a.number - b.number);
      for (const field of table) {
        const wire = this.#wireType(field);
        const rivals = table.filter((other) => field.choice && other.choice === field.choice);
        const slot: Slot = {
          ...field,
          wire,
          tag: field.number << 3 | wire.wireType,
          rivals: rivals.map((rival) => rival.name).filter((name) => name !== field.name),
        };
        this.#slots.push(slot);
        this.#byNumber[field.number] = slot;
      }
    }
    return this.#slots;
  }

  #wireType({ kind, name, type }: Field): WireType {
    if (kind === "map") {
      const table = () => [entry(1, "key", "string"), entry(2, "value", type)];
      return new MessageCodec(`${this.typeName}.${name}`, table);
    }
    if (typeof type === "string") return SCALARS[type];
    if (type instanceof MessageCodec) return type;
    throw new TypeError(`${this.typeName}.${name}: its codec was not made by message()`);
  }
}

function skip(reader: protobuf.Reader, tag: number): void {
  const wireType = tag & 7;
  if (wireType === 3 || wireType === 4) throw new Error("groups are not supported");
  reader.skipType(wireType, 0, tag >>> 3);
}
