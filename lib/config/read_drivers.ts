import { type DriverNode, type TypedNode, withSource } from "./driver_node.ts";
import { Fields, type FileContext, quoted } from "./fields.ts";
import { nearest } from "./nearest.ts";
import { refuse, type SourcePosition } from "./position.ts";
import { present } from "./present.ts";
import { kindOf, plainMap, type YamlEntry, type YamlMap } from "./yaml_value.ts";

/** The keys of each kind of node; the first kind whose first key is there wins. */
const KINDS = {
  typed: ["type", "config", "children", "description", "methods_description"],
  group: ["children"],
  proxy: ["ref"],
} as const;

type Kind = keyof typeof KINDS;

const ALL_KEYS: readonly string[] = [...KINDS.typed, ...KINDS.proxy];

/** What a driver takes beside `config`, though its class may have settings of many names. */
const RESERVED = ["description", "methods_description", "children"];

/** Reads a map of driver nodes. Fails with `ConfigError`. */
export function readDrivers(
  context: FileContext,
  path: string,
  map: YamlMap,
): Map<string, DriverNode> {
  const nodes = new Map<string, DriverNode>();
  for (const [name, entry] of map.entries) {
    const at = { file: context.file, line: entry.line, path: `${path}.${name}` };
    nodes.set(name, readDriver(context, at, entry));
  }
  return nodes;
}

function readDriver(context: FileContext, at: SourcePosition, { value }: YamlEntry): DriverNode {
  if (value.kind !== "map") {
    const what = kindOf(value) === "empty" ? "is empty" : `is ${kindOf(value)}, not a map`;
    refuse(at, `${at.path} ${what}; give it "type", "children" or "ref"`);
  }
  const kind = kindOfNode(context, at, value);
  const fields = new Fields(context, at, value, { keys: ALL_KEYS });
  if (kind === "proxy") {
    const ref = fields.text("ref") ?? fields.refuse("ref", "is empty; name another node");
    return withSource({ kind, ref, at }, value);
  }
  const inner = fields.map("children");
  const children = inner ? readDrivers(context, `${at.path}.children`, inner) : new Map();
  if (kind === "group") return withSource({ kind, children, at }, value);
  return withSource(readTyped(fields, children, at), value);
}

/** Fails when the keys do not make a node, or make one and more. */
function kindOfNode(context: FileContext, at: SourcePosition, { entries }: YamlMap): Kind {
  const kind = (Object.keys(KINDS) as Kind[]).find((kind) => entries.has(KINDS[kind][0]));
  const refuseKey: (key: string, sentence: string) => never = (key, sentence) =>
    refuse({ ...at, line: entries.get(key)!.line }, `${at.path} ${sentence}`);
  for (const key of entries.keys()) {
    if (ALL_KEYS.includes(key)) continue;
    const near = nearest(key, ALL_KEYS.filter((known) => !entries.has(known)));
    if (near !== undefined) {
      refuseKey(key, `has no "${near}"; it has "${key}". Did you mean "${near}"?`);
    }
    if (kind === undefined) refuseKey(key, `has no "type", "children" or "ref"; it has "${key}"`);
    refuseKey(key, `takes no "${key}"; a ${kind} node takes ${quoted(KINDS[kind])}`);
  }
  if (kind === undefined) {
    const [key] = entries.keys();
    if (key !== undefined) refuseKey(key, `has "${key}" but no "type"`);
    refuse(at, `${at.path} is empty; give it "type", "children" or "ref"`);
  }
  const known: readonly string[] = KINDS[kind];
  for (const [key, { line }] of entries) {
    if (known.includes(key)) continue;
    if (key !== "ref") refuseKey(key, `has "${key}" but no "type"`);
    context.warnings.push(
      `${at.file}:${line}: ${at.path}.ref has no effect beside "${KINDS[kind][0]}"`,
    );
  }
  return kind;
}

function readTyped(
  fields: Fields,
  children: ReadonlyMap<string, DriverNode>,
  at: SourcePosition,
): TypedNode {
  const type = fields.text("type") ?? fields.refuse("type", "is empty; name a driver");
  const config = fields.optionalMap("config");
  for (const key of RESERVED) {
    const entry = config?.entries.get(key);
    if (entry === undefined) continue;
    refuse(
      { ...at, line: entry.line },
      `${at.path}.config.${key} belongs beside "type", not inside "config"`,
    );
  }
  return {
    kind: "typed",
    type,
    config: config ? plainMap(config) : {},
    children,
    ...present({ description: fields.text("description") }),
    methodsDescription: fields.each("methods_description", (texts, key) => texts.text(key)),
    at,
  };
}
