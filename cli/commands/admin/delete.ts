import { choice, type CommandIo, flag, optional, type Parameter } from "@jumpstarter/lib/commands";
import { fileExists } from "@jumpstarter/lib/config";
import type { KubernetesApi } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { clusterOptions, type ClusterValues, nameOf, openCluster } from "./cluster.ts";
import { canAsk, confirm } from "./confirm.ts";
import { type AdminKind, LEASE, POLICY, resourceName } from "./kinds.ts";
import { CLIENT_MEMBER, EXPORTER_MEMBER, type Member } from "./member.ts";
import { readFile } from "./member_file.ts";

const target = { name: nameOf("which one") };
const options = {
  ...clusterOptions,
  output: optional(choice(["name"], "print the name", "o")) as Parameter<"name" | undefined>,
};
const fileOptions = {
  delete: flag("delete its file in the folder of your configuration, too", "d"),
  nointeractive: flag("ask nothing"),
};

/** `jmp admin delete client`. */
export const deleteClient: CliCommand = cliCommand({
  does: "Delete a client",
  arguments: target,
  options: { ...options, ...fileOptions },
  run: (values, io) => removeMember(CLIENT_MEMBER, values, io),
});

/** `jmp admin delete exporter`. */
export const deleteExporter: CliCommand = cliCommand({
  does: "Delete an exporter; its leases go with it",
  arguments: target,
  options: { ...options, ...fileOptions },
  run: (values, io) => removeMember(EXPORTER_MEMBER, values, io),
});

/** `jmp admin delete lease`. */
export const deleteLease: CliCommand = cliCommand({
  does: "Delete a lease; its exporter is free",
  arguments: target,
  options,
  async run(values, io) {
    using cluster = await openCluster(values, io);
    await remove(cluster, LEASE, values, io);
  },
});

/** `jmp admin delete policy`. */
export const deletePolicy: CliCommand = cliCommand({
  does: "Delete a policy; without any, everybody may lease everything",
  arguments: target,
  options,
  async run(values, io) {
    using cluster = await openCluster(values, io);
    await remove(cluster, POLICY, values, io);
    if ((await cluster.list(POLICY.plural)).items.length > 0) return;
    await io.note("note: that was the last policy: now everybody may lease everything");
  },
});

interface Given extends ClusterValues {
  readonly name: string;
  readonly output: "name" | undefined;
}

async function remove(
  cluster: KubernetesApi,
  kind: AdminKind,
  { name, output }: Given,
  io: CommandIo,
): Promise<void> {
  await cluster.delete(kind.plural, name);
  await io.print(
    output === "name"
      ? resourceName(kind, name)
      : `Deleted ${kind.name} '${name}' in namespace '${cluster.namespace}'`,
  );
}

async function removeMember(
  member: Member,
  given: Given & { readonly delete: boolean; readonly nointeractive: boolean },
  io: CommandIo,
): Promise<void> {
  const { name, output } = given;
  const { kind } = member;
  using cluster = await openCluster(given, io);
  await remove(cluster, kind, given, io);
  const mayAsk = canAsk(io, given);
  if (!given.delete && !mayAsk) return;
  const path = member.path(name);
  const shared = member.sharedPath?.(name);
  if (!await fileExists(path)) {
    if (shared === undefined || !await fileExists(shared)) return;
    return await io.note(`warning: ${shared} is for all users of this machine, and stays`);
  }
  if (await readFile({ member, name, out: undefined }, cluster.namespace, io) === undefined) {
    return await io.note(`warning: ${path} is of another lab, and stays`);
  }
  if (!given.delete && !await confirm(io, `Delete ${kind.name} configuration?`)) return;
  await member.forget(name);
  if (output === undefined) await io.print(`Deleted ${path}`);
}
