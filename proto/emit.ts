import protobuf from "protobufjs";

/** A generated module: where it goes, where it comes from, and what it holds. */
export interface Module {
  readonly file: string;
  readonly source: string;
  readonly items: protobuf.ReflectionObject[];
}

const WIDTH = 100;

const TS_TYPES: Readonly<Record<string, string>> = {
  bool: "boolean",
  bytes: "Uint8Array",
  double: "number",
  int32: "number",
  int64: "number",
  string: "string",
  uint32: "number",
  uint64: "number",
};

/** Gives the text of a module. Fails on what the runtime's tables cannot say. */
export function emitModule(module: Module, all: readonly Module[]): string {
  const { items } = module;
  const messages = items.filter((item) => item instanceof protobuf.Type);
  const services = items.filter((item) => item instanceof protobuf.Service);
  const body = [
    ...items.filter((item) => item instanceof protobuf.Enum).map(emitEnum),
    ...messages.map(emitMessage),
    ...services.map(emitService),
  ];
  const methods = services.flatMap((service) => service.methodsArray);
  const fields = messages.flatMap((message) => message.fieldsArray);
  const head = [
    `// Made from ${module.source} by \`deno task proto\`; do not edit.`,
    ...emitImports(module, all, fields, methods),
  ];
  return `${head.join("\n")}\n\n${body.join("\n\n")}\n`;
}

function emitImports(
  module: Module,
  all: readonly Module[],
  fields: protobuf.Field[],
  methods: protobuf.Method[],
): string[] {
  const imports = new Map<string, Set<string>>();
  const add = (from: string, name: string) => {
    if (!imports.has(from)) imports.set(from, new Set());
    imports.get(from)?.add(name);
  };
  if (module.items.some((item) => item instanceof protobuf.Type)) {
    add("../codec.ts", "type Codec");
    add("../message.ts", "message");
  }
  for (const field of fields) {
    add("../message.ts", rowKind(field));
    if (field.partOf && !isSynthetic(field)) add("../message.ts", "oneof");
  }
  for (const method of methods) {
    add("../service.ts", "type Method");
    add("../service.ts", methodKind(method));
  }
  const used = [
    ...fields.map((field) => field.resolvedType),
    ...methods.flatMap((method) => [method.resolvedRequestType, method.resolvedResponseType]),
  ];
  for (const item of used) {
    const home = all.find(({ items }) => item && items.includes(item));
    if (!item || !home || home === module) continue;
    add(`./${home.file}`, item instanceof protobuf.Enum ? `type ${item.name}` : item.name);
  }
  return [...imports].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)).map(
    ([from, names]) => emitImport(from, [...names]),
  );
}

const rank = (path: string): number => path.startsWith("../") ? 0 : 1;

function emitImport(from: string, names: string[]): string {
  const bare = (name: string) => name.replace("type ", "");
  const key = (name: string) => bare(name).toLowerCase();
  names.sort((a, b) => key(a) < key(b) ? -1 : 1);
  const keyword = names.every((name) => name !== bare(name)) ? "import type" : "import";
  const list = keyword === "import" ? names : names.map(bare);
  return wrap(`${keyword} { `, list, ` } from "${from}";`);
}

function emitEnum({ comment, name, values, comments }: protobuf.Enum): string {
  const prefix = `${name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase()}_`;
  const rows = Object.entries(values).map(([key, number]) => {
    const short = key.startsWith(prefix) ? key.slice(prefix.length) : key;
    return `${emitComment(comments[key], "  ")}  ${short}: ${number},\n`;
  });
  return `${emitComment(comment)}export const ${name} = {\n${rows.join("")}} as const;\n` +
    `${emitComment(comment)}export type ${name} = (typeof ${name})[keyof typeof ${name}] | number;`;
}

function emitMessage(type: protobuf.Type): string {
  const { comment, name, fieldsArray: fields } = type;
  const members = fields.map((field) => {
    const mark = rowKind(field) === "optional" ? "?" : "";
    return `${emitComment(field.comment, "  ")}  ${camel(field.name)}${mark}: ${tsType(field)};\n`;
  });
  const shape = fields.length === 0
    ? `export type ${name} = Record<string, never>;`
    : `export interface ${name} {\n${members.join("")}}`;
  const codec = `export const ${name}: Codec<${name}> = message(`;
  const fullName = `"${type.fullName.slice(1)}"`;
  const table = emitTable(type);
  return `${emitComment(comment)}${shape}\n${emitComment(comment)}` +
    emitCodec(codec, fullName, table);
}

function emitCodec(head: string, fullName: string, rows: string[]): string {
  const hug = `${head}${fullName}, () => [`;
  if (rows.length === 0 && hug.length + 3 <= WIDTH) return `${hug}]);`;
  if (rows.length === 0) return `${head}\n  ${fullName},\n  () => [],\n);`;
  if (hug.length <= WIDTH) return `${hug}\n${indent(rows, 2)}\n]);`;
  return `${head}\n  ${fullName},\n  () => [\n${indent(rows, 4)}\n  ],\n);`;
}

function emitTable(type: protobuf.Type): string[] {
  const rows: string[] = [];
  const choices = new Set<protobuf.OneOf>();
  for (const field of type.fieldsArray) {
    const choice = isSynthetic(field) ? null : field.partOf;
    if (!choice) rows.push(`${emitRow(field)},`);
    else if (!choices.has(choice)) {
      choices.add(choice);
      const members = choice.fieldsArray.map((member) => `  ${emitRow(member)},`);
      rows.push(`...oneof("${choice.name}", [`, ...members, "]),");
    }
  }
  return rows;
}

function emitRow(field: protobuf.Field): string {
  const type = field.resolvedType;
  const name = type instanceof protobuf.Enum ? '"enum"' : type?.name ?? `"${field.type}"`;
  return `${rowKind(field)}(${field.id}, "${camel(field.name)}", ${name})`;
}

function emitService(service: protobuf.Service): string {
  const { comment, name, fullName, methodsArray: methods } = service;
  const types = methods.map((method) => {
    const { requestStream = false, responseStream = false } = method;
    const streams = requestStream || responseStream ? [requestStream, responseStream] : [];
    const args = [...messageNames(method), ...streams.map(String)];
    const type = wrap(`  readonly ${lowerFirst(method.name)}: Method<`, args, ">;", "");
    return `${emitComment(method.comment, "  ")}${type}\n`;
  });
  const rows = methods.map((method) => {
    const args = [`"/${fullName.slice(1)}/${method.name}"`, ...messageNames(method)];
    return wrap(`  ${lowerFirst(method.name)}: ${methodKind(method)}(`, args, "),");
  });
  return `${emitComment(comment)}export type ${name} = {\n${types.join("")}};\n` +
    `${emitComment(comment)}export const ${name}: ${name} = {\n${rows.join("\n")}\n};`;
}

function messageNames(method: protobuf.Method): [string, string] {
  return [method.resolvedRequestType?.name ?? "", method.resolvedResponseType?.name ?? ""];
}

function methodKind({ requestStream, responseStream }: protobuf.Method): string {
  if (requestStream) return responseStream ? "bidiStream" : "clientStream";
  return responseStream ? "serverStream" : "unary";
}

function isSynthetic(field: protobuf.Field): boolean {
  return field.partOf?.isProto3Optional ?? false;
}

function rowKind(field: protobuf.Field): "field" | "optional" | "repeated" | "map" {
  if (field instanceof protobuf.MapField) return "map";
  if (field.repeated) return "repeated";
  return field.partOf || field.resolvedType instanceof protobuf.Type ? "optional" : "field";
}

function tsType(field: protobuf.Field): string {
  const type = field.resolvedType?.name ?? TS_TYPES[field.type];
  const isDelimited = field.type === "string" || field.type === "bytes";
  if (!type) throw new Error(`${field.fullName}: type ${field.type} is not supported`);
  if (field instanceof protobuf.MapField) {
    if (field.keyType !== "string") throw new Error(`${field.fullName}: keys must be strings`);
    return `Record<string, ${type}>`;
  }
  if (!field.repeated) return type;
  if (!isDelimited && !(field.resolvedType instanceof protobuf.Type)) {
    throw new Error(`${field.fullName}: packed fields are not supported`);
  }
  return `${type}[]`;
}

function emitComment(comment: string | null | undefined, margin = ""): string {
  if (!comment) return "";
  const lines = comment.trim().split("\n").map((line) => line.trim());
  if (lines.length === 1) return `${margin}/** ${lines[0]} */\n`;
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}\n`).join("")}${margin} */\n`;
}

/** Puts a list on one line, or one item a line when it is too long. */
function wrap(head: string, items: readonly string[], tail: string, end = ","): string {
  const line = `${head}${items.join(", ")}${tail}`;
  if (line.length <= WIDTH) return line;
  const margin = " ".repeat(head.search(/\S/));
  const rows = items.map((item) => `${margin}  ${item}`).join(",\n");
  return `${head.trimEnd()}\n${rows}${end}\n${margin}${tail.trimStart()}`;
}

function indent(lines: readonly string[], width: number): string {
  return lines.map((line) => " ".repeat(width) + line).join("\n");
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
