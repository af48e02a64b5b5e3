import {
  type DriverNode,
  formatPosition,
  nearest,
  positionOf,
  type TypedNode,
} from "@jumpstarter/lib/config";
import {
  type Driver,
  type DriverClass,
  type DriverContext,
  type DriverHost,
  pathOf,
  SEVERITIES,
  type Severity,
} from "@jumpstarter/lib/driver";
import { ConfigError } from "@jumpstarter/lib/errors";
import { Composite } from "@jumpstarter/drivers/composite";
import { findDriverClass } from "./driver_module.ts";
import { closeDrivers, DeviceTree } from "./tree.ts";

/** What a tree is built from. */
export interface TreePlan {
  /** The `export:` map of a file. */
  readonly export: ReadonlyMap<string, DriverNode>;
  /** Description of the root. */
  readonly description?: string;
  /** Driver classes of a test's own, by `type`. */
  readonly classes?: ReadonlyMap<string, DriverClass>;
}

/**
 * Builds the drivers of a file, children before their parents. Fails with `ConfigError` that names
 * file, line and key; what was built by then is closed.
 */
export async function buildTree(plan: TreePlan, host: DriverHost): Promise<DeviceTree> {
  const builder = new TreeBuilder(plan, host);
  try {
    return new DeviceTree(await builder.root());
  } catch (error) {
    await closeDrivers(builder.built);
    throw error;
  }
}

class TreeBuilder {
  readonly built: Driver[] = [];
  #plan: TreePlan;
  #host: DriverHost;
  #done = new Map<DriverNode, Driver>();
  #underway: DriverNode[] = [];

  constructor(plan: TreePlan, host: DriverHost) {
    this.#plan = plan;
    this.#host = host;
  }

  async root(): Promise<Driver> {
    const children = await this.#children(this.#plan.export);
    return this.#add(new Composite(this.#context("", {}, children, this.#plan.description)));
  }

  async #build(name: string, node: DriverNode): Promise<Driver> {
    const done = this.#done.get(node);
    if (done !== undefined) return done;
    if (this.#underway.includes(node)) {
      const circle = [...this.#underway, node].map(({ at }) => at.path).join(" → ");
      throw new ConfigError(`${formatPosition(node.at)}: "ref" goes in a circle: ${circle}`);
    }
    this.#underway.push(node);
    const driver = await this.#make(name, node);
    this.#underway.pop();
    this.#done.set(node, driver);
    return driver;
  }

  async #make(name: string, node: DriverNode): Promise<Driver> {
    if (node.kind === "proxy") return await this.#resolve(name, node);
    const children = await this.#children(node.children);
    if (node.kind === "group") return this.#add(new Composite(this.#context(name, {}, children)));
    return await this.#construct(name, node, children);
  }

  async #children(nodes: ReadonlyMap<string, DriverNode>): Promise<Map<string, Driver>> {
    const children = new Map<string, Driver>();
    for (const [name, node] of nodes) children.set(name, await this.#build(name, node));
    return children;
  }

  /** Follows a `ref` from the root: through the file as far as it goes, then through drivers. */
  async #resolve(name: string, node: DriverNode & { kind: "proxy" }): Promise<Driver> {
    const segments = node.ref.split(".");
    let target = this.#plan.export.get(segments[0]!);
    let depth = 1;
    while (target !== undefined && target.kind !== "proxy" && depth < segments.length) {
      const child: DriverNode | undefined = target.children.get(segments[depth]!);
      if (child === undefined) break;
      target = child;
      depth++;
    }
    let driver = target && await this.#build(segments[depth - 1]!, target);
    for (const segment of segments.slice(depth)) driver = driver?.children.get(segment);
    if (driver !== undefined) return driver;
    const near = nearest(node.ref, [...paths(this.#plan.export)]);
    throw new ConfigError(
      `${formatPosition(node.at)}: Proxy driver ${name} references nonexistent driver ${node.ref}` +
        (near === undefined ? "" : `. Did you mean "${near}"?`),
    );
  }

  async #construct(
    name: string,
    node: TypedNode,
    children: ReadonlyMap<string, Driver>,
  ): Promise<Driver> {
    const place = `${formatPosition(node.at)}: ${node.at.path}`;
    const Class = this.#plan.classes?.get(node.type) ??
      await findDriverClass(node.type, node.at.file).catch((error: Error) => {
        throw new ConfigError(`${place}: ${error.message}`, { cause: error });
      });
    const { common, config } = split(node);
    const context: DriverContext<never> = {
      ...this.#context(name, await checkConfig(node, Class, config), children, node.description),
      ...common,
      methodsDescription: node.methodsDescription,
    };
    try {
      return this.#add(new Class(context));
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`${place} (${Class.name}) cannot start: ${reason}`, { cause: error });
    }
  }

  #context<C>(
    name: string,
    config: C,
    children: ReadonlyMap<string, Driver>,
    description?: string,
  ): DriverContext<C> {
    const about = description === undefined ? {} : { description };
    return { name, config, children, host: this.#host, ...about };
  }

  #add(driver: Driver): Driver {
    this.built.push(driver);
    return driver;
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

function* paths(nodes: ReadonlyMap<string, DriverNode>, prefix = ""): Generator<string> {
  for (const [name, node] of nodes) {
    if (node.kind === "proxy") continue;
    yield `${prefix}${name}`;
    yield* paths(node.children, `${prefix}${name}.`);
  }
}
