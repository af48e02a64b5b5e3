import { type CommandIo, flag, withDefault } from "@jumpstarter/lib/commands";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { pathOption } from "@jumpstarter/lib/program/output";
import { clusterOptions, type ClusterValues, nameOf, openCluster } from "./cluster.ts";
import { canAsk } from "./confirm.ts";
import { readCredentials, tlsOption } from "./credentials.ts";
import { chooseDrivers, type DriverChoice, driverOptions, noDrivers } from "./drivers.ts";
import { CLIENT_MEMBER, EXPORTER_MEMBER, type Member } from "./member.ts";
import { checkFree, outOption, writeFile } from "./member_file.ts";

const options = {
  ...clusterOptions,
  ...outOption,
  ...tlsOption,
  nointeractive: flag("ask nothing"),
  output: pathOption,
};

/** `jmp admin import client`. */
export const importClient: CliCommand = cliCommand({
  does: "Write the file of a client that is there",
  arguments: { name: nameOf("which one") },
  options: { ...options, ...driverOptions },
  run: (values, io) =>
    bring(CLIENT_MEMBER, values, io, (mayAsk) => chooseDrivers(values, mayAsk, io)),
});

/** `jmp admin import exporter`. */
export const importExporter: CliCommand = cliCommand({
  does: "Write the file of an exporter that is there",
  arguments: { name: withDefault(nameOf("which one"), "default") },
  options,
  run: (values, io) => bring(EXPORTER_MEMBER, values, io, noDrivers),
});

interface Given extends ClusterValues {
  readonly name: string;
  readonly out: string | undefined;
  readonly insecureTls: boolean;
  readonly nointeractive: boolean;
  readonly output: "path" | undefined;
}

async function bring(
  member: Member,
  given: Given,
  io: CommandIo,
  drivers: DriverChoice,
): Promise<void> {
  const { name, out, output } = given;
  const [file, mayAsk] = [{ member, name, out }, canAsk(io, given)];
  await checkFree(file, mayAsk, io);
  using cluster = await openCluster(given, io);
  if (output === undefined) {
    await io.print(`Fetching ${member.kind.name} credentials from cluster`);
  }
  const credentials = await readCredentials(cluster, member, name, given, io);
  const path = await writeFile(file, credentials, await drivers(mayAsk), io);
  await io.print(
    output === "path" ? path : `${member.title} configuration successfully saved to ${path}`,
  );
}
