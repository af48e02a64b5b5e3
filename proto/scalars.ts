import type protobuf from "protobufjs/minimal";

/** How one kind of value is laid out on the wire. Messages have the same shape as scalars. */
export interface WireType {
  /** 0 varint, 1 eight bytes, 2 length and bytes. */
  readonly wireType: 0 | 1 | 2;
  /** What a value must be, in words, for error messages. */
  readonly expects: string;
  /** Whether a value may be written. */
  accepts(value: unknown): boolean;
  /** The value of a field that was not on the wire. */
  zero(): unknown;
  /** Whether a field without presence is left off the wire. */
  isZero(value: unknown): boolean;
  /** Reads a value; a message is read on top of `previous`, if there is one. */
  read(reader: protobuf.Reader, depth: number, previous: unknown): unknown;
  /** Writes an accepted value, without its tag. */
  write(writer: protobuf.Writer, value: unknown, depth: number): void;
}

/** A scalar type of the schema. An enum is a number that may be unknown. */
export type ScalarName =
  | "bool"
  | "bytes"
  | "double"
  | "enum"
  | "int32"
  | "int64"
  | "string"
  | "uint32"
  | "uint64";

interface Scalar<T> {
  wireType: 0 | 1 | 2;
  expects: string;
  zero: T;
  accepts: (value: unknown) => boolean;
  read: (reader: protobuf.Reader) => T;
  write: (writer: protobuf.Writer, value: T) => void;
}

function scalar<T>({ zero, write, ...rest }: Scalar<T>): WireType {
  return {
    ...rest,
    zero: () => zero,
    isZero: (value) => value === zero,
    write: (writer, value) => write(writer, value as T),
  };
}

const int32 = scalar<number>({
  wireType: 0,
  expects: "a whole number of 32 bits",
  zero: 0,
  accepts: (value) => typeof value === "number" && value === (value | 0),
  read: (reader) => reader.int32(),
  write: (writer, value) => writer.int32(value),
});

/** The scalar types that the schema uses. */
export const SCALARS: Readonly<Record<ScalarName, WireType>> = {
  bool: scalar<boolean>({
    wireType: 0,
    expects: "true or false",
    zero: false,
    accepts: (value) => typeof value === "boolean",
    read: (reader) => reader.bool(),
    write: (writer, value) => writer.bool(value),
  }),
  bytes: {
    ...scalar<Uint8Array>({
      wireType: 2,
      expects: "a Uint8Array",
      zero: new Uint8Array(0),
      accepts: (value) => value instanceof Uint8Array,
      read: (reader) => reader.bytes(),
      write: (writer, value) => writer.bytes(value),
    }),
    isZero: (value) => (value as Uint8Array).length === 0,
  },
  double: scalar<number>({
    wireType: 1,
    expects: "a number",
    zero: 0,
    accepts: (value) => typeof value === "number",
    read: (reader) => reader.double(),
    write: (writer, value) => writer.double(value),
  }),
  enum: int32,
  int32,
  int64: scalar<number>({
    wireType: 0,
    expects: "a safe integer",
    zero: 0,
    accepts: (value) => Number.isSafeInteger(value),
    read: (reader) => safeInteger(reader.int64()),
    write: (writer, value) => writer.int64(value),
  }),
  string: scalar<string>({
    wireType: 2,
    expects: "well-formed text",
    zero: "",
    accepts: (value) => typeof value === "string" && value.isWellFormed(),
    read: (reader) => reader.stringVerify(),
    write: (writer, value) => writer.string(value),
  }),
  uint32: scalar<number>({
    wireType: 0,
    expects: "a whole number of 32 bits, not negative",
    zero: 0,
    accepts: (value) => typeof value === "number" && value === value >>> 0,
    read: (reader) => reader.uint32(),
    write: (writer, value) => writer.uint32(value),
  }),
  uint64: scalar<number>({
    wireType: 0,
    expects: "a safe integer, not negative",
    zero: 0,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    read: (reader) => safeInteger(reader.uint64()),
    write: (writer, value) => writer.uint64(value),
  }),
};

// protobufjs gives a Long when it finds that package, and a number otherwise.
function safeInteger(value: { toString(): string }): number {
  const number = Number(value.toString());
  if (!Number.isSafeInteger(number)) {
    throw new RangeError(`${value} is beyond what a number can hold exactly`);
  }
  return number;
}
