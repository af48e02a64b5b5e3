import { type CommandIo, flag, optional, type Parameter } from "@jumpstarter/lib/commands";
import type { KubernetesObject } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import {
  type OutputFormat,
  outputOption,
  printOutput,
  table,
} from "@jumpstarter/lib/program/output";
import { clusterOptions, type ClusterValues, nameOf, openCluster } from "./cluster.ts";
import { follow } from "./follow.ts";
import { type AdminKind, CLIENT, DEVICES, EXPORTER, LEASE, POLICY, resourceName } from "./kinds.ts";

const target = { name: optional(nameOf("which one; all unless given")) };
const options = {
  ...clusterOptions,
  watch: flag("show what changes, too, until Ctrl-C", "w"),
  output: outputOption as Parameter<OutputFormat | undefined>,
};

function getCommand(kind: AdminKind, does: string): CliCommand {
  return cliCommand({
    does,
    arguments: target,
    options,
    run: (values, io) => show(kind, values, io),
  });
}

/** `jmp admin get client`. */
export const getClient: CliCommand = getCommand(CLIENT, "Show clients");
/** `jmp admin get lease`. */
export const getLease: CliCommand = getCommand(LEASE, "Show leases");
/** `jmp admin get policy`. */
export const getPolicy: CliCommand = getCommand(POLICY, "Show who may lease what");
/** `jmp admin get exporter`. */
export const getExporter: CliCommand = cliCommand({
  does: "Show exporters",
  arguments: target,
  options: { ...options, devices: flag("show their devices, one a line", "d") },
  run: ({ devices, ...values }, io) => show(devices ? DEVICES : EXPORTER, values, io),
});

/** What is asked for, and how it is printed. */
export interface Shown extends ClusterValues {
  readonly name?: string | undefined;
  /** Only objects whose fields have these values. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly watch: boolean;
  readonly output: OutputFormat | undefined;
}

/** Prints objects of a kind, and what changes of them when that is asked for. */
export async function show(kind: AdminKind, shown: Shown, io: CommandIo): Promise<void> {
  const { name, fields, watch, output } = shown;
  using cluster = await openCluster(shown, io);
  if (watch) return await follow(cluster, kind, shown, io);
  const objects = name === undefined
    ? (await cluster.list(kind.plural, fields)).items
    : [await cluster.get(kind.plural, name)];
  const clean = objects.map(withoutManagers);
  const rows = objects.flatMap((object) => kind.rows(object, Date.now()));
  await printOutput(io, output, {
    data: () =>
      name === undefined
        ? { apiVersion: "jumpstarter.dev/v1alpha1", items: clean, kind: `${kind.kind}List` }
        : clean[0],
    names: () => objects.map(({ metadata }) => resourceName(kind, metadata.name)),
    text: () =>
      rows.length === 0
        ? `No resources found in ${cluster.namespace} namespace.`
        : table(kind.header, rows),
  });
}

/** An object without the notes of those who write it, as which field is whose: nobody reads them. */
function withoutManagers(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
