import { type DriverNode, formatPosition, nearest, type TypedNode } from "@jumpstarter/lib/config";
import type { Driver, DriverContext, DriverHost } from "@jumpstarter/lib/driver";
import { ConfigError } from "@jumpstarter/lib/errors";
import { Composite } from "@jumpstarter/drivers/composite";
import { placeOf, settingsOf } from "./driver_settings.ts";
import { closeDrivers, DeviceTree } from "./tree.ts";
import type { TreePlan } from "./tree_plan.ts";

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
    const { Class, config, common } = await settingsOf(node, this.#plan.classes);
    const context: DriverContext<never> = {
      ...this.#context(name, config, children, node.description),
      ...common,
      methodsDescription: node.methodsDescription,
    };
    try {
      return this.#add(new Class(context));
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`${placeOf(node)} (${Class.name}) cannot start: ${reason}`, {
        cause: error,
      });
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

function* paths(nodes: ReadonlyMap<string, DriverNode>, prefix = ""): Generator<string> {
  for (const [name, node] of nodes) {
    if (node.kind === "proxy") continue;
    yield `${prefix}${name}`;
    yield* paths(node.children, `${prefix}${name}.`);
  }
}
