import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor";

/** A `.proto` file: its name, the names of those it imports, and what it defines. */
export interface ProtoFile {
  readonly name: string;
  readonly imports: readonly string[];
  readonly items: readonly protobuf.ReflectionObject[];
}

/** `FieldDescriptorProto.Type`. */
const TYPES: Readonly<Record<string, number>> = {
  double: 1,
  int64: 3,
  uint64: 4,
  int32: 5,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
};
const MESSAGE = 11;
const ENUM = 14;
const OPTIONAL = 1;
const REPEATED = 3;
/** Base64 that fits into a line of 100 columns. */
const LINE = /.{1,96}/g;

const HEAD = `// Made from all .proto files by \`deno task proto\`; do not edit.

/** A \`.proto\` file. */
export interface DescribedFile {
  /** The full names of its messages, enums and services. */
  readonly symbols: readonly string[];
  /** Its \`google.protobuf.FileDescriptorProto\` in base64, with line breaks. */
  readonly descriptor: string;
}

/** All files, by name. */
export const FILES: Readonly<Record<string, DescribedFile>> = {
`;

/** Gives the text of the module that holds what reflection tells of files. */
export function emitDescriptors(files: readonly ProtoFile[]): string {
  return `${HEAD}${files.map(emitFile).join("")}};\n`;
}

function emitFile(file: ProtoFile): string {
  const symbols = file.items.map(({ fullName }) => `      "${fullName.slice(1)}",\n`).join("");
  const base64 = describe(file).toBase64().match(LINE)!.join("\n");
  return `  "${file.name}": {\n    symbols: [\n${symbols}    ],\n` +
    `    descriptor: \`\n${base64}\`,\n  },\n`;
}

/** A file as `google.protobuf.FileDescriptorProto`, like `protoc` makes it. */
function describe({ name, imports, items }: ProtoFile): Uint8Array {
  const all = items.filter(({ parent }) => !(parent instanceof protobuf.Type));
  return descriptor.FileDescriptorProto.encode(descriptor.FileDescriptorProto.fromObject({
    name,
    package: all[0]!.parent!.fullName.slice(1),
    dependency: imports,
    messageType: all.filter((item) => item instanceof protobuf.Type).map(describeMessage),
    enumType: all.filter((item) => item instanceof protobuf.Enum).map(describeEnum),
    service: all.filter((item) => item instanceof protobuf.Service).map(describeService),
    syntax: "proto3",
  })).finish();
}

function describeMessage(type: protobuf.Type): object {
  const { name, fieldsArray: fields, nestedArray, reserved = [] } = type;
  // What a field that may be absent is made of comes after the choices that were written.
  const choices = type.oneofsArray.toSorted((a, b) =>
    Number(a.isProto3Optional) - Number(b.isProto3Optional)
  );
  return {
    name,
    field: fields.map((field) => describeField(field, choices)),
    nestedType: fields.filter((field) => field instanceof protobuf.MapField).map(describeEntry),
    enumType: nestedArray.filter((item) => item instanceof protobuf.Enum).map(describeEnum),
    oneofDecl: choices.map(({ name }) => ({ name })),
    reservedRange: reserved.filter((range) => typeof range !== "string").map(([start, end]) => ({
      start,
      end: end! + 1,
    })),
    reservedName: reserved.filter((name) => typeof name === "string"),
  };
}

function describeField(field: protobuf.Field, choices: readonly protobuf.OneOf[]): object {
  const { id: number, partOf } = field;
  const name = snake(field.name);
  const isMap = field instanceof protobuf.MapField;
  return {
    name,
    number,
    label: isMap || field.repeated ? REPEATED : OPTIONAL,
    ...isMap
      ? { type: MESSAGE, typeName: `${field.parent!.fullName}.${entryName(field)}` }
      : typeOf(field),
    ...partOf && { oneofIndex: choices.indexOf(partOf) },
    ...partOf?.isProto3Optional && { proto3Optional: true },
    jsonName: camel(name),
  };
}

/** What a map is on the wire: a message for each of its entries. */
function describeEntry(field: protobuf.MapField): object {
  const part = (name: string, number: number) => ({
    name,
    number,
    label: OPTIONAL,
    jsonName: name,
  });
  return {
    name: entryName(field),
    field: [
      { ...part("key", 1), type: TYPES[field.keyType] },
      { ...part("value", 2), ...typeOf(field) },
    ],
    options: { mapEntry: true },
  };
}

function describeEnum({ name, values }: protobuf.Enum): object {
  return { name, value: Object.entries(values).map(([name, number]) => ({ name, number })) };
}

function describeService({ name, methodsArray }: protobuf.Service): object {
  return {
    name,
    method: methodsArray.map((method) => ({
      name: method.name,
      inputType: method.resolvedRequestType?.fullName,
      outputType: method.resolvedResponseType?.fullName,
      clientStreaming: method.requestStream || undefined,
      serverStreaming: method.responseStream || undefined,
    })),
  };
}

function typeOf({ type, resolvedType }: protobuf.FieldBase): object {
  if (resolvedType === null) return { type: TYPES[type] };
  const isEnum = resolvedType instanceof protobuf.Enum;
  return { type: isEnum ? ENUM : MESSAGE, typeName: resolvedType.fullName };
}

/** As it is written in a file: protobufjs brings the well-known types in camel case. */
const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const entryName = ({ name }: protobuf.FieldBase): string => camel(`_${name}`) + "Entry";
