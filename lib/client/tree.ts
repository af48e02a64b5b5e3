import type { DriverInstanceReport } from "@jumpstarter/proto";
import type { ClientNode, DriverConnection } from "../driver/client.ts";
import { ConnectionError } from "../errors.ts";

/** The label that names the client class that fits a driver. */
export const CLIENT_LABEL = "jumpstarter.dev/client";
/** The label that holds a driver's key under its parent. */
export const NAME_LABEL = "jumpstarter.dev/name";

/**
 * Builds the tree that a report lists parent before child. One driver may be listed several times
 * (under proxies); each listing is a node of its own, and a child belongs to the latest listing of
 * its parent.
 */
export function buildTree(
  connection: DriverConnection,
  reports: readonly DriverInstanceReport[],
): ClientNode {
  const latest = new Map<string, Map<string, ClientNode>>();
  let root: ClientNode | undefined;
  for (const report of reports) {
    const children = new Map<string, ClientNode>();
    const node: ClientNode = {
      connection,
      uuid: report.uuid,
      name: report.labels[NAME_LABEL] ?? "",
      labels: report.labels,
      description: report.description,
      methodsDescription: report.methodsDescription,
      children,
    };
    latest.set(report.uuid, children);
    if (!report.parentUuid) {
      if (root !== undefined) throw new ConnectionError("the exporter reports two root drivers");
      root = node;
      continue;
    }
    const siblings = latest.get(report.parentUuid);
    if (siblings === undefined) {
      throw new ConnectionError(`the exporter reports "${node.name}" before its parent`);
    }
    siblings.set(node.name, node);
  }
  if (root === undefined) throw new ConnectionError("the exporter reports no root driver");
  return root;
}

/** The client label of a node; empty when the exporter names none. */
export function clientLabel(node: ClientNode): string {
  return node.labels[CLIENT_LABEL] ?? "";
}
