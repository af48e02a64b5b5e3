import { type AllowList, clientLabel } from "@jumpstarter/lib/client";
import type { Command } from "@jumpstarter/lib/commands";
import { type ClientClass, type ClientNode, DriverClient } from "@jumpstarter/lib/driver";
import { type ClientEntry, clientEntry } from "@jumpstarter/drivers";
import { dashed } from "@jumpstarter/lib/program";

/** A node of the tree as `j` offers it: its own commands, and the groups below it. */
export interface Group {
  readonly node: ClientNode;
  readonly client: ClientClass;
  /** By the names that are typed. */
  readonly commands: Readonly<Record<string, Command>>;
  readonly children: ReadonlyMap<string, ClientNode>;
  /** Whether the label is unknown to us, so that only generic commands are there. */
  readonly isGeneric: boolean;
}

const COMPOSITE = "jumpstarter_driver_composite.client.CompositeClient";

/** Loads what a node offers. Children that the allow list excludes are not there. */
export async function groupOf(node: ClientNode, allowed: AllowList): Promise<Group> {
  const label = clientLabel(node);
  const children = new Map(
    [...node.children].filter(([, child]) => allowed.allows(clientLabel(child))),
  );
  if (label === COMPOSITE) {
    return { node, client: DriverClient, commands: {}, children, isGeneric: false };
  }
  const entry = await clientEntry(label);
  if (entry !== undefined) {
    return {
      node,
      client: entry.client,
      commands: await named(entry, node),
      children,
      isGeneric: false,
    };
  }
  const { genericCommands } = await import("./generic_commands.ts");
  return { node, client: DriverClient, commands: genericCommands, children, isGeneric: true };
}

/** The commands of an entry: those of a table have dashes in their names, a driver's own do not. */
async function named(
  { client, commands }: ClientEntry,
  node: ClientNode,
): Promise<Record<string, Command>> {
  if (typeof commands === "function") return await commands(new client(node));
  return Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [dashed(name), command]),
  );
}
