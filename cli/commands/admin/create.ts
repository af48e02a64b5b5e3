import { type CommandIo, flag, optional, repeated, text } from "@jumpstarter/lib/commands";
import { JumpstarterError, UsageError } from "@jumpstarter/lib/errors";
import { type KubernetesApi, KubernetesError } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";
import { clusterOptions, type ClusterValues, nameOf, openCluster, typed } from "./cluster.ts";
import { canAsk, confirm } from "./confirm.ts";
import { readCredentials, tlsOption } from "./credentials.ts";
import { chooseDrivers, type DriverChoice, driverOptions, noDrivers } from "./drivers.ts";
import { type AdminKind, resourceName } from "./kinds.ts";
import { readLabels } from "./labels.ts";
import { CLIENT_MEMBER, EXPORTER_MEMBER, type Member } from "./member.ts";
import { checkFree, outOption, writeFile } from "./member_file.ts";

const target = { name: nameOf("name of the new one") };
const options = {
  ...clusterOptions,
  ...outOption,
  ...tlsOption,
  save: flag("write its file into the folder of your configuration", "s"),
  label: repeated(text("a label, any number of times", "KEY=VALUE", "l")),
  oidcUsername: optional(text("its user at an external issuer", "USER")),
  nointeractive: flag("ask nothing"),
  output: outputOption,
};

/** `jmp admin create client`. */
export const createClient: CliCommand = cliCommand({
  does: "Make a client, and the file with which it connects",
  arguments: target,
  options: { ...options, ...driverOptions },
  run: (values, io) =>
    create(CLIENT_MEMBER, values, io, (mayAsk) => chooseDrivers(values, mayAsk, io)),
});

/** `jmp admin create exporter`. */
export const createExporter: CliCommand = cliCommand({
  does: "Make an exporter, and the file with which it connects",
  arguments: target,
  options,
  async run(values, io) {
    if (values.label.length === 0) {
      throw new UsageError("--label is missing: clients find exporters by labels, as -l board=x");
    }
    await create(EXPORTER_MEMBER, values, io, noDrivers);
  },
});

interface Given extends ClusterValues {
  readonly name: string;
  readonly label: readonly string[];
  readonly oidcUsername: string | undefined;
  readonly out: string | undefined;
  readonly save: boolean;
  readonly insecureTls: boolean;
  readonly nointeractive: boolean;
  readonly output: "json" | "yaml" | "name" | undefined;
}

async function create(
  member: Member,
  given: Given,
  io: CommandIo,
  drivers: DriverChoice,
): Promise<void> {
  const { name, out, output, save, oidcUsername } = given;
  const { kind } = member;
  const labels = readLabels(given.label);
  if (save || out !== undefined) await checkFree({ member, name, out }, canAsk(io, given), io);
  using cluster = await openCluster(given, io);
  if (output === undefined) {
    await io.print(`Creating ${kind.name} '${name}' in namespace '${cluster.namespace}'`);
  }
  const object = {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: kind.kind,
    metadata: { name, labels },
    spec: oidcUsername === undefined ? {} : { username: oidcUsername },
  };
  const { namespace, kubeconfig, context } = given;
  const toImport = `jmp admin import ${kind.name} ${name}` +
    typed({ namespace, kubeconfig, context, out });
  try {
    await cluster.create(kind.plural, object);
  } catch (error) {
    if (!(error instanceof KubernetesError && error.reason === "AlreadyExists")) throw error;
    error.message += `. To write its file: ${toImport}`;
    throw error;
  }
  try {
    await complete(cluster, member, given, io, drivers);
  } catch (cause) {
    if (!(cause instanceof JumpstarterError)) throw cause;
    throw new JumpstarterError(
      cause.code,
      `${kind.name} '${name}' is there now, but not its file: ${cause.message}. ` +
        `To try again: ${toImport}`,
      { cause },
    );
  }
  await show(cluster, kind, given, io);
}

async function show(
  cluster: KubernetesApi,
  kind: AdminKind,
  { name, output }: Given,
  io: CommandIo,
): Promise<void> {
  const object = await cluster.get(kind.plural, name);
  await printOutput(io, output, {
    data: () => object,
    names: () => [resourceName(kind, name)],
    text: () => table(kind.header, kind.rows(object, Date.now())),
  });
}

/** Waits until a new member can connect, and writes its file where one is wanted. */
async function complete(
  cluster: KubernetesApi,
  member: Member,
  given: Given,
  io: CommandIo,
  drivers: DriverChoice,
): Promise<void> {
  const { name, out, save, output } = given;
  const credentials = await readCredentials(cluster, member, name, given, io);
  const [file, mayAsk] = [{ member, name, out }, canAsk(io, given)];
  if (!save && out === undefined) {
    if (!mayAsk || !await confirm(io, `Save ${member.kind.name} configuration?`)) return;
    await checkFree(file, mayAsk, io);
  }
  const say = (line: string) => output === undefined ? io.print(line) : undefined;
  await say(`Fetching ${member.kind.name} credentials from cluster`);
  const path = await writeFile(file, credentials, await drivers(mayAsk), io);
  await say(`${member.title} configuration successfully saved to ${path}`);
}
