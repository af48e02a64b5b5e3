import type { SourcePosition } from "./position.ts";
import type { YamlMap, YamlValue } from "./yaml_value.ts";

/** One entry of `export:`, or of the `children:` of another entry. */
export type DriverNode = TypedNode | GroupNode | ProxyNode;

/** A driver. */
export interface TypedNode {
  /** Tells the three kinds of nodes apart. */
  readonly kind: "typed";
  /** Names the driver: a class path of the Python drivers, or a module and class of ours. */
  readonly type: string;
  /** The driver's own settings, not checked yet. */
  readonly config: Record<string, unknown>;
  /** Nodes below this one, in the order of the file. */
  readonly children: ReadonlyMap<string, DriverNode>;
  /** What the driver is, for help. */
  readonly description?: string;
  /** Help texts by command name. */
  readonly methodsDescription: Readonly<Record<string, string>>;
  /** Where the node stands in its file. */
  readonly at: SourcePosition;
}

/** A node that only holds others. */
export interface GroupNode {
  /** Tells the three kinds of nodes apart. */
  readonly kind: "group";
  /** Nodes below this one, in the order of the file. */
  readonly children: ReadonlyMap<string, DriverNode>;
  /** Where the node stands in its file. */
  readonly at: SourcePosition;
}

/** Another name for a node. */
export interface ProxyNode {
  /** Tells the three kinds of nodes apart. */
  readonly kind: "proxy";
  /** The path of the node meant, from the root: `rack.spare`. */
  readonly ref: string;
  /** Where the node stands in its file. */
  readonly at: SourcePosition;
}

const sources = new WeakMap<DriverNode, YamlMap>();

/** Remembers what a node was read from, for {@linkcode positionOf}. */
export function withSource<Node extends DriverNode>(node: Node, source: YamlMap): Node {
  sources.set(node, source);
  return node;
}

/**
 * Where something inside a node stands, for errors that are found later. If it stands nowhere (a
 * setting is missing), the line is that of the innermost thing around it.
 *
 * ```ts ignore
 * const at = positionOf(node, ["config", "port"]);
 * throw new ConfigError(`${formatPosition(at)}: ${at.path} is taken`);
 * // board.yaml:7: export.web.config.port is taken
 * ```
 */
export function positionOf(node: DriverNode, keys: readonly string[]): SourcePosition {
  let { line } = node.at;
  let value: YamlValue | undefined = sources.get(node);
  for (const key of keys) {
    const inner = step(value, key);
    if (inner === undefined) break;
    ({ line, value } = inner);
  }
  return { ...node.at, line, path: [node.at.path, ...keys].join(".") };
}

function step(
  value: YamlValue | undefined,
  key: string,
): { line: number; value: YamlValue } | undefined {
  if (value?.kind === "map") return value.entries.get(key);
  const item = value?.kind === "list" ? value.items[Number(key)] : undefined;
  return item && { line: item.line, value: item };
}
