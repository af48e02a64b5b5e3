import {
  choice,
  type CommandIo,
  flag,
  optional,
  text,
  type Values,
} from "@jumpstarter/lib/commands";
import {
  clientPath,
  deleteClient as forgetClient,
  deleteExporter as forgetExporter,
  exporterPaths,
  fileExists,
} from "@jumpstarter/lib/config";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { clusterOptions, openCluster } from "./cluster.ts";
import { confirm } from "./confirm.ts";
import { type AdminKind, CLIENT, EXPORTER, LEASE, POLICY, resourceName } from "./kinds.ts";

const target = { name: text("which one", "NAME") };
const options = {
  ...clusterOptions,
  output: optional(choice(["name"], "print the name", "o")),
};
const fileOptions = {
  delete: flag("delete its file, too", "d"),
  nointeractive: flag("ask nothing"),
};

/** A file of the user that goes with an object. */
interface OwnFile {
  exists(alias: string): Promise<boolean>;
  remove(alias: string): Promise<unknown>;
}

const clientFile: OwnFile = {
  exists: (alias) => fileExists(clientPath(alias)),
  remove: (alias) => forgetClient(alias),
};
const exporterFile: OwnFile = {
  exists: (alias) => fileExists(exporterPaths(alias).user),
  remove: (alias) => forgetExporter(alias),
};

function deleteWithFile(kind: AdminKind, file: OwnFile, does: string): CliCommand {
  return cliCommand({
    does,
    arguments: target,
    options: { ...options, ...fileOptions },
    async run(values, io) {
      await remove(kind, values, io);
      const { name, nointeractive, output } = values;
      if (!await file.exists(name)) return;
      const mayAsk = !nointeractive && output === undefined;
      if (!values.delete && !await confirm(io, `Delete ${kind.name} configuration?`, mayAsk)) {
        return;
      }
      await file.remove(name);
      if (output === undefined) await io.print(`The file of ${kind.name} '${name}' is deleted`);
    },
  });
}

function deleteAlone(kind: AdminKind, does: string): CliCommand {
  return cliCommand({
    does,
    arguments: target,
    options,
    run: (values, io) => remove(kind, values, io),
  });
}

/** `jmp admin delete client`. */
export const deleteClient: CliCommand = deleteWithFile(CLIENT, clientFile, "Delete a client");
/** `jmp admin delete exporter`. */
export const deleteExporter: CliCommand = deleteWithFile(
  EXPORTER,
  exporterFile,
  "Delete an exporter; its leases go with it",
);
/** `jmp admin delete lease`. */
export const deleteLease: CliCommand = deleteAlone(LEASE, "Delete a lease; its exporter is free");
/** `jmp admin delete policy`. */
export const deletePolicy: CliCommand = deleteAlone(
  POLICY,
  "Delete a policy; without any, everybody may lease everything",
);

async function remove(
  kind: AdminKind,
  { name, output, ...values }: Values<typeof target & typeof options>,
  io: CommandIo,
): Promise<void> {
  using cluster = await openCluster(values, io);
  await cluster.delete(kind.plural, name);
  await io.print(
    output === "name"
      ? resourceName(kind, name)
      : `Deleted ${kind.name} '${name}' in namespace '${cluster.namespace}'`,
  );
}
