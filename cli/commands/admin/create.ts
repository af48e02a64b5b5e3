import {
  type CommandIo,
  flag,
  optional,
  repeated,
  text,
  type Values,
} from "@jumpstarter/lib/commands";
import { JumpstarterError, UsageError } from "@jumpstarter/lib/errors";
import type { KubernetesApi, KubernetesObject } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { outputOption, printOutput, table } from "@jumpstarter/lib/program/output";
import { confirm } from "./confirm.ts";
import { clusterOptions, openCluster } from "./cluster.ts";
import {
  chooseDrivers,
  driverOptions,
  outOption,
  readCredentials,
  tlsOption,
} from "./credentials.ts";
import { type AdminKind, CLIENT, EXPORTER, resourceName } from "./kinds.ts";
import { checkNew, save } from "./save.ts";

const target = { name: text("name of the new one", "NAME") };
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

type Given =
  & Values<typeof target & typeof options>
  & Partial<Values<typeof driverOptions>>;

/** `jmp admin create client`. */
export const createClient: CliCommand = cliCommand({
  does: "Make a client, and the file with which it connects",
  arguments: target,
  options: { ...options, ...driverOptions },
  run: (values, io) => create(CLIENT, values, io),
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
    await create(EXPORTER, values, io);
  },
});

async function create(kind: AdminKind, values: Given, io: CommandIo): Promise<void> {
  const { name, output, out, nointeractive, allow, unsafe = false, insecureTls } = values;
  const labels = readLabels(values.label);
  if (values.save && out === undefined) await checkNew(kind, name);
  const say = (line: string) => output === undefined ? io.print(line) : Promise.resolve();
  using cluster = await openCluster(values, io);
  await say(`Creating ${kind.name} '${name}' in namespace '${cluster.namespace}'`);
  await cluster.create(kind.plural, objectOf(kind, name, labels, values.oidcUsername));
  try {
    const credentials = await readCredentials(cluster, kind, name, insecureTls, io);
    const question = `Save ${kind.name} configuration?`;
    if (values.save || out !== undefined || await confirm(io, question, !nointeractive)) {
      const drivers = kind === CLIENT
        ? await chooseDrivers({ allow, unsafe }, !nointeractive, io)
        : { allow: [], unsafe: false };
      if (out === undefined) await checkNew(kind, name);
      const path = await save(kind, credentials, { out, drivers }, io);
      await say(`${capitalized(kind.name)} configuration successfully saved to ${path}`);
    }
  } catch (cause) {
    if (!(cause instanceof JumpstarterError)) throw cause;
    throw new JumpstarterError(
      cause.code,
      `${kind.name} '${name}' was created, but has no file: ${cause.message}; ` +
        `once that is mended, run: jmp admin import ${kind.name} ${name}`,
      { cause },
    );
  }
  await show(kind, cluster, name, values, io);
}

async function show(
  kind: AdminKind,
  cluster: KubernetesApi,
  name: string,
  { output }: Given,
  io: CommandIo,
): Promise<void> {
  const object = await cluster.get(kind.plural, name);
  await printOutput(io, output, {
    data: () => object,
    names: () => [resourceName(kind, name)],
    text: () => table(kind.header, kind.rows(object, Date.now())),
  });
}

function objectOf(
  { kind }: AdminKind,
  name: string,
  labels: Record<string, string>,
  username: string | undefined,
): KubernetesObject {
  return {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind,
    metadata: { name, labels },
    spec: { ...(username && { username }) },
  };
}

/** Reads `KEY=VALUE`s. */
export function readLabels(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((label) => {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(label) ?? [];
    if (key === undefined) {
      throw new UsageError(`--label: "${label}" is not KEY=VALUE; write for example board=x`);
    }
    return [key, value!];
  }));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
