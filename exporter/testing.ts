/**
 * For tests of drivers: serves driver entries as an exporter does, over a real socket.
 *
 * @module
 */
import type { Board, Shape } from "@jumpstarter/lib/client";
import type { DriverNode } from "@jumpstarter/lib/config";
import { openLocal } from "./local.ts";
import type { SessionOptions } from "./session.ts";

/** One entry of `export:`, as it stands in a file. */
export interface Entry {
  /** Names the driver. */
  type?: string;
  /** Another name for the driver at this path. */
  ref?: string;
  /** The driver's settings. */
  config?: Record<string, unknown>;
  /** Entries below this one. */
  children?: Record<string, Entry>;
  /** What the driver is, for help. */
  description?: string;
  /** Help texts by command name. */
  methods_description?: Record<string, string>;
}

/**
 * Serves driver entries and opens the board; disposing it closes the drivers.
 *
 * ```ts ignore
 * await using board = await serve({ power: { type: "…MockPower" } }, { power: PowerClient });
 * await board.power.on();
 * ```
 */
export async function serve<S extends Shape = Record<never, never>>(
  entries: Record<string, Entry>,
  shape?: S,
  options: SessionOptions = {},
): Promise<Board<S>> {
  return await openLocal({ export: nodes(entries, "export") }, shape, options);
}

function nodes(entries: Record<string, Entry>, path: string): Map<string, DriverNode> {
  return new Map(
    Object.entries(entries).map(([name, entry]) => [name, node(entry, `${path}.${name}`)]),
  );
}

function node(entry: Entry, path: string): DriverNode {
  const at = { file: "test", line: 0, path };
  const children = nodes(entry.children ?? {}, `${path}.children`);
  if (entry.ref !== undefined) return { kind: "proxy", ref: entry.ref, at };
  if (entry.type === undefined) return { kind: "group", children, at };
  return {
    kind: "typed",
    type: entry.type,
    config: entry.config ?? {},
    children,
    ...(entry.description === undefined ? {} : { description: entry.description }),
    methodsDescription: entry.methods_description ?? {},
    at,
  };
}
