import {
  type DriverNode,
  formatPosition,
  positionOf,
  type TypedNode,
} from "@jumpstarter/lib/config";
import {
  type DriverClass,
  type DriverContext,
  pathOf,
  SEVERITIES,
  type Severity,
} from "@jumpstarter/lib/driver";
import { ConfigError } from "@jumpstarter/lib/errors";
import type { TreePlan } from "./tree_plan.ts";
import { findDriverClass } from "./driver_module.ts";

/** What a driver of a file is made from. */
export interface DriverSettings {
  /** Its class. */
  readonly Class: DriverClass;
  /** Its own settings, checked. */
  readonly config: never;
  /** The settings that every driver takes. */
  readonly common: Partial<Pick<DriverContext, "uuid" | "labels" | "logLevel">>;
}

/** Finds a driver's class and checks its settings. Fails with `ConfigError` that names the place. */
export async function settingsOf(
  node: TypedNode,
  classes: TreePlan["classes"],
): Promise<DriverSettings> {
  const Class = classes?.get(node.type) ??
    await findDriverClass(node.type, node.at.file).catch((error: Error) => {
      throw new ConfigError(`${placeOf(node)}: ${error.message}`, { cause: error });
    });
  const { common, config } = split(node);
  return { Class, config: await checkConfig(node, Class, config), common };
}

/** Where a driver stands in its file. */
export function placeOf(node: TypedNode): string {
  return `${formatPosition(node.at)}: ${node.at.path}`;
}

/** Checks the drivers of a file without starting any. Fails with `ConfigError` as starting would. */
export async function checkPlan({ export: nodes, classes }: TreePlan): Promise<void> {
  await checkNodes(nodes, classes);
}

async function checkNodes(
  nodes: ReadonlyMap<string, DriverNode>,
  classes: TreePlan["classes"],
): Promise<void> {
  for (const node of nodes.values()) {
    if (node.kind === "proxy") continue;
    if (node.kind !== "group") await settingsOf(node, classes);
    await checkNodes(node.children, classes);
  }
}

/** The settings that every driver takes inside `config`, apart from its own. */
function split(node: TypedNode): {
  common: Partial<Pick<DriverContext, "uuid" | "labels" | "logLevel">>;
  config: Record<string, unknown>;
} {
  const { uuid, labels, log_level: level, ...config } = node.config;
  const refuse = (key: string, expected: string): never => {
    const at = positionOf(node, ["config", key]);
    throw new ConfigError(`${formatPosition(at)}: ${at.path} is not ${expected}`);
  };
  if (uuid !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(uuid))) {
    refuse("uuid", "a UUID");
  }
  if (level !== undefined && !SEVERITIES.includes(level as Severity)) {
    refuse("log_level", `one of ${SEVERITIES.join(", ")}`);
  }
  const isLabels = typeof labels === "object" && labels !== null &&
    Object.values(labels).every((label) => typeof label === "string");
  if (labels !== undefined && !isLabels) refuse("labels", "a map from text to text");
  return {
    common: {
      ...(uuid === undefined ? {} : { uuid: String(uuid).toLowerCase() }),
      ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
      ...(level === undefined ? {} : { logLevel: level as Severity }),
    },
    config,
  };
}

/** Checks a driver's own settings; without a schema there may be none. */
async function checkConfig(
  node: TypedNode,
  Class: DriverClass,
  config: Record<string, unknown>,
): Promise<never> {
  if (Class.config === undefined) {
    const [extra] = Object.keys(config);
    if (extra === undefined) return {} as never;
    const at = positionOf(node, ["config", extra]);
    throw new ConfigError(`${formatPosition(at)}: ${at.path}: ${Class.name} takes no settings`);
  }
  const result = await Class.config["~standard"].validate(config);
  if (result.issues === undefined) return result.value as never;
  const faults = result.issues.map((issue) => {
    const at = positionOf(node, ["config", ...pathOf(issue)]);
    return `${formatPosition(at)}: ${at.path}: ${issue.message}`;
  });
  throw new ConfigError(faults.join("\n"));
}
