import { type CommandIo, flag, text, type Values, withDefault } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { pathOption } from "@jumpstarter/lib/program/output";
import { clusterOptions, openCluster } from "./cluster.ts";
import {
  chooseDrivers,
  driverOptions,
  outOption,
  readCredentials,
  tlsOption,
} from "./credentials.ts";
import { type AdminKind, CLIENT, EXPORTER } from "./kinds.ts";
import { checkNew, save } from "./save.ts";

const options = {
  ...clusterOptions,
  ...outOption,
  ...tlsOption,
  nointeractive: flag("ask nothing"),
  output: pathOption,
};

type Given = Values<typeof options> & Partial<Values<typeof driverOptions>> & { name: string };

/** `jmp admin import client`. */
export const importClient: CliCommand = cliCommand({
  does: "Write the file of a client that is there",
  arguments: { name: text("which one", "NAME") },
  options: { ...options, ...driverOptions },
  run: (values, io) => bring(CLIENT, values, io),
});

/** `jmp admin import exporter`. */
export const importExporter: CliCommand = cliCommand({
  does: "Write the file of an exporter that is there",
  arguments: { name: withDefault(text("which one", "NAME"), "default") },
  options,
  run: (values, io) => bring(EXPORTER, values, io),
});

async function bring(
  kind: AdminKind,
  { name, out, output, insecureTls, nointeractive, allow, unsafe = false, ...values }: Given,
  io: CommandIo,
): Promise<void> {
  if (out === undefined) await checkNew(kind, name);
  using cluster = await openCluster(values, io);
  const credentials = await readCredentials(cluster, kind, name, insecureTls, io);
  const drivers = kind === CLIENT
    ? await chooseDrivers({ allow, unsafe }, !nointeractive, io)
    : { allow: [], unsafe: false };
  const path = await save(kind, credentials, { out, drivers }, io);
  const title = kind === CLIENT ? "Client" : "Exporter";
  await io.print(
    output === "path" ? path : `${title} configuration successfully saved to ${path}`,
  );
}
