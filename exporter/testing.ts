/**
 * For tests: serves drivers as an exporter does, over a real socket, and gives a test its board.
 *
 * @module
 */
import type { Board, Shape } from "@jumpstarter/lib/client";
import type { DriverNode } from "@jumpstarter/lib/config";
import type { DriverClass } from "@jumpstarter/lib/driver";
import { UsageError } from "@jumpstarter/lib/errors";
import { openLocal } from "./local.ts";
import type { SessionOptions } from "./session.ts";

export { boardTest, type BoardTestOptions } from "./board_case.ts";
export { eventually, type EventuallyOptions } from "./eventually.ts";

/** One entry of `export:`, as it stands in a file, or with the driver's class itself. */
export interface Entry {
  /** Names the driver. */
  type?: string;
  /** The driver's class, instead of a `type`. */
  driver?: DriverClass;
  /** Another name for the driver at this path. */
  ref?: string;
  /** The driver's settings. */
  config?: Record<string, unknown>;
  /** Entries below this one; a class alone is a driver without settings. */
  children?: Record<string, Entry | DriverClass>;
  /** What the driver is, for help. */
  description?: string;
  /** Help texts by command name. */
  methods_description?: Record<string, string>;
}

/**
 * Serves drivers and opens the board; disposing it closes the drivers.
 *
 * Settings are checked by the class's schema, as those of a file are. Fails with `ConfigError` when
 * they do not pass, and with `UsageError` for a class without `static client`.
 *
 * ```ts
 * import { MockPower, PowerClient } from "@jumpstarter/drivers/power";
 * import { serve } from "@jumpstarter/exporter/testing";
 *
 * await using board = await serve({ power: MockPower }, { power: PowerClient });
 * await board.power.on();
 * ```
 */
export async function serve<S extends Shape = Record<never, never>>(
  entries: Record<string, Entry | DriverClass>,
  shape?: S,
  options: SessionOptions = {},
): Promise<Board<S>> {
  const classes = new Map<string, DriverClass>();
  return await openLocal({ export: nodes(entries, "export", classes), classes }, shape, options);
}

function nodes(
  entries: Record<string, Entry | DriverClass>,
  path: string,
  classes: Map<string, DriverClass>,
): Map<string, DriverNode> {
  return new Map(
    Object.entries(entries).map(([name, given]) => {
      const entry = typeof given === "function" ? { driver: given } : given;
      return [name, node(entry, `${path}.${name}`, classes)];
    }),
  );
}

function node(entry: Entry, path: string, classes: Map<string, DriverClass>): DriverNode {
  const at = { file: "test", line: 0, path };
  const children = nodes(entry.children ?? {}, `${path}.children`, classes);
  if (entry.ref !== undefined) return { kind: "proxy", ref: entry.ref, at };
  const type = entry.driver === undefined ? entry.type : path;
  if (type === undefined) return { kind: "group", children, at };
  if (entry.driver !== undefined) classes.set(path, checked(entry.driver));
  return {
    kind: "typed",
    type,
    config: entry.config ?? {},
    children,
    ...(entry.description === undefined ? {} : { description: entry.description }),
    methodsDescription: entry.methods_description ?? {},
    at,
  };
}

function checked(driver: DriverClass): DriverClass {
  if (typeof driver.client === "string") return driver;
  throw new UsageError(
    `${driver.name} has no \`static client\`, so nobody knows which client fits it`,
  );
}
