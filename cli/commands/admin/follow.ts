import type { CommandIo } from "@jumpstarter/lib/commands";
import type { KubernetesApi, ObjectChange, ObjectList } from "@jumpstarter/lib/kubernetes";
import { type OutputFormat, printOutput } from "@jumpstarter/lib/program/output";
import { type AdminKind, resourceName } from "./kinds.ts";

/** What is followed, and how it is printed. */
export interface FollowOptions {
  /** Of one object only. */
  readonly name?: string | undefined;
  /** Only of objects whose fields have these values. */
  readonly fields?: Readonly<Record<string, string>>;
  /** A table unless given; json is one change a line, yaml one a document. */
  readonly output: OutputFormat | undefined;
}

/** Prints objects as they are, and again whenever they change, until the signal of `io`. */
export async function follow(
  cluster: KubernetesApi,
  kind: AdminKind,
  { name, fields, output }: FollowOptions,
  io: CommandIo,
): Promise<void> {
  const { items, resourceVersion } = name === undefined
    ? await cluster.list(kind.plural, fields)
    : await listOfOne(cluster, kind, name);
  const only = name === undefined ? fields : { "metadata.name": name };
  const changes = items.map((object): ObjectChange => ({ type: "ADDED", object }));
  const print = output === undefined
    ? changeTable(kind, changes, io)
    : changeList(kind, output, io);
  for (const change of changes) await print(change);
  for await (const change of cluster.follow(kind.plural, resourceVersion, only)) {
    await print(change);
  }
}

async function listOfOne(
  cluster: KubernetesApi,
  { plural }: AdminKind,
  name: string,
): Promise<ObjectList> {
  const object = await cluster.get(plural, name);
  return { items: [object], resourceVersion: object.metadata.resourceVersion ?? "" };
}

type Print = (change: ObjectChange) => Promise<void>;

function changeList(kind: AdminKind, output: OutputFormat, io: CommandIo): Print {
  return async (change) => {
    if (output === "json") return await io.print(JSON.stringify(change));
    if (output === "yaml") await io.print("---");
    await printOutput(io, output, {
      data: () => change,
      names: () => [resourceName(kind, change.object.metadata.name)],
      text: () => "",
    });
  };
}

/** A table whose columns fit the first changes, and grow where a later one needs it. */
function changeTable(
  { header, rows }: AdminKind,
  first: readonly ObjectChange[],
  io: CommandIo,
): Print {
  const known = [header, ...first.flatMap(({ object }) => rows(object, Date.now()))];
  const widths = header.map((_, column) => Math.max(...known.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column]!, cell.length);
    }
    return row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ");
  };
  let isBegun = false;
  return async ({ type, object }) => {
    if (!isBegun) await io.print(line(header).trimEnd());
    isBegun = true;
    const end = type === "DELETED" ? "  deleted" : "";
    for (const row of rows(object, Date.now())) await io.print(`${line(row)}${end}`.trimEnd());
  };
}
