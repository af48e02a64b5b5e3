/**
 * Makes `gen/*.ts` from the `.proto` files: `deno task proto`. With `--check` it writes nothing,
 * and exits with 1 when what is there is stale.
 */
import protobuf from "protobufjs";
import { emitDescriptors, type ProtoFile } from "./descriptors.ts";
import { emitModule, type Module } from "./emit.ts";

const HERE = new URL("./", import.meta.url);
const GEN = new URL("gen/", HERE);

const SOURCES = [
  "jumpstarter/v1/common.proto",
  "jumpstarter/v1/kubernetes.proto",
  "jumpstarter/v1/controller.proto",
  "jumpstarter/v1/exporter.proto",
  "jumpstarter/v1/router.proto",
  "jumpstarter/v1/telemetry.proto",
  "jumpstarter/client/v1/client.proto",
  "grpc/health/v1/health.proto",
  "grpc/reflection/v1/reflection.proto",
];

/** Well-known types, with what to say about them: protobufjs brings their layout alone. */
const GOOGLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  duration: {
    Duration: "A span of time; both parts have the same sign.",
    "Duration.seconds": "Whole seconds.",
    "Duration.nanos": "Nanoseconds on top.",
  },
  empty: { Empty: "A message without fields." },
  field_mask: {
    FieldMask: "Names fields of a message.",
    "FieldMask.paths": "Names in snake case.",
  },
  struct: {
    NullValue: "The null of JSON.",
    Struct: "An object of JSON.",
    "Struct.fields": "Its members.",
    Value: "Any value of JSON; with no member set it counts as null.",
    "Value.nullValue": "Null.",
    "Value.numberValue": "A number, finite.",
    "Value.stringValue": "Text.",
    "Value.boolValue": "True or false.",
    "Value.structValue": "An object.",
    "Value.listValue": "An array.",
    ListValue: "An array of JSON.",
    "ListValue.values": "Its items.",
  },
  timestamp: {
    Timestamp: "A point in time.",
    "Timestamp.seconds": "Seconds since 1970-01-01 UTC.",
    "Timestamp.nanos": "Nanoseconds within the second.",
  },
};

/** Gives the text of each generated module by its file name. */
export async function generate(): Promise<Map<string, string>> {
  const root = new protobuf.Root();
  const files = [await olderReflection()];
  /** Takes note of a file that was just added to the root. */
  const noted = (name: string, imports: readonly string[] = []) => {
    const known = new Set(files.flatMap(({ items }) => items));
    const items = topLevel(root).filter((item) => !known.has(item));
    files.push({ name, imports, items });
    return items;
  };
  const google: Module = { file: "google.ts", source: "google/protobuf/*.proto", items: [] };
  for (const [file, comments] of Object.entries(GOOGLE)) {
    const source = `google/protobuf/${file}.proto`;
    root.addJSON(protobuf.common.get(source)?.nested ?? {});
    noted(source);
    for (const [name, comment] of Object.entries(comments)) {
      const item = root.lookup(`google.protobuf.${name}`);
      if (!item) throw new Error(`protobufjs does not know google.protobuf.${name}`);
      item.comment = comment;
      if (!(item instanceof protobuf.Field)) google.items.push(item);
    }
  }

  const modules = [google];
  for (const source of SOURCES) {
    const text = await Deno.readTextFile(new URL(source, HERE));
    const options = { keepCase: true, alternateCommentMode: true };
    const { imports } = protobuf.parse(text, root, options);
    const items = noted(source, imports);
    const file = source.replace(/^.*\//, "").replace(/proto$/, "ts");
    modules.push({ file, source, items });
  }
  root.resolveAll();
  return new Map([
    ...modules.map((module) => [module.file, emitModule(module, modules)] as const),
    ["descriptors.ts", emitDescriptors(files)],
  ]);
}

/** Reflection by its older name, which is all that differs: told of to those that ask by it. */
async function olderReflection(): Promise<ProtoFile> {
  const source = "grpc/reflection/v1/reflection.proto";
  const text = await Deno.readTextFile(new URL(source, HERE));
  const { root } = protobuf.parse(text.replace(/(?<=^package .*v1)(?=;)/m, "alpha"), {
    keepCase: true,
  });
  root.resolveAll();
  return { name: source.replace("/v1/", "/v1alpha/"), imports: [], items: topLevel(root) };
}

/** All messages, enums and services, in the order of the files; enums of messages before them. */
function topLevel(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((item) => {
    if (item.constructor === protobuf.Namespace) return topLevel(item as protobuf.Namespace);
    return item instanceof protobuf.Type ? [...item.nestedArray, item] : [item];
  });
}

async function readExisting(): Promise<Map<string, string>> {
  const existing = new Map<string, string>();
  for await (const { name } of Deno.readDir(GEN)) {
    existing.set(name, await Deno.readTextFile(new URL(name, GEN)));
  }
  return existing;
}

/** Names the files of `gen/` that differ from what the `.proto` files give. */
export async function staleFiles(): Promise<string[]> {
  const [wanted, existing] = await Promise.all([generate(), readExisting()]);
  const names = new Set([...wanted.keys(), ...existing.keys()]);
  return [...names].filter((name) => wanted.get(name) !== existing.get(name)).sort();
}

if (import.meta.main) {
  const stale = await staleFiles();
  if (Deno.args.includes("--check")) {
    if (stale.length > 0) {
      console.error(`proto/gen is stale (${stale.join(", ")}): run \`deno task proto\``);
      Deno.exit(1);
    }
  } else {
    const wanted = await generate();
    for (const name of stale) {
      const text = wanted.get(name);
      const path = new URL(name, GEN);
      await (text === undefined ? Deno.remove(path) : Deno.writeTextFile(path, text));
    }
  }
}
