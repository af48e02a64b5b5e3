import { type CommandIo, flag, optional, text, type Values } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";
import { clusterOptions, openCluster } from "./cluster.ts";
import { type AdminKind, CLIENT, DEVICES, EXPORTER, LEASE, POLICY, resourceName } from "./kinds.ts";

const target = { name: optional(text("which one; all unless given", "NAME")) };
const options = { ...clusterOptions, output: outputOption };

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

async function show(
  kind: AdminKind,
  { name, output, ...values }: Values<typeof target & typeof options>,
  io: CommandIo,
): Promise<void> {
  using cluster = await openCluster(values, io);
  const objects = name === undefined
    ? (await cluster.list(kind.plural)).items
    : [await cluster.get(kind.plural, name)];
  const rows = objects.flatMap((object) => kind.rows(object, Date.now()));
  await printOutput(io, output, {
    data: () =>
      name === undefined
        ? { apiVersion: "jumpstarter.dev/v1alpha1", items: objects, kind: `${kind.kind}List` }
        : objects[0],
    names: () => objects.map(({ metadata }) => resourceName(kind, metadata.name)),
    text: () =>
      rows.length === 0
        ? `No resources found in ${cluster.namespace} namespace.`
        : table(kind.header, rows),
  });
}
