import { choice, type CommandIo, flag, optional } from "@jumpstarter/lib/commands";
import { fileExists } from "@jumpstarter/lib/config";
import { ConfigError, JumpstarterError } from "@jumpstarter/lib/errors";
import { KubernetesError } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { clusterOptions, type ClusterValues, nameOf, openCluster, typed } from "./cluster.ts";
import { readCredentials, readToken, statusOf } from "./credentials.ts";
import { noDrivers } from "./drivers.ts";
import { resourceName } from "./kinds.ts";
import { CLIENT_MEMBER, EXPORTER_MEMBER, type Member } from "./member.ts";
import { outOption, pathOf, readFile, writeFile } from "./member_file.ts";

const target = { name: nameOf("which one") };
const options = {
  ...clusterOptions,
  ...outOption,
  save: flag("put the token into its file in the folder of your configuration", "s"),
  output: optional(choice(["name"], "print the name", "o")),
};

/** `jmp admin rotate client`. */
export const rotateClient: CliCommand = cliCommand({
  does: "Give a client another token; the one before is not taken any more",
  arguments: target,
  options,
  run: (values, io) => rotate(CLIENT_MEMBER, values, io),
});

/** `jmp admin rotate exporter`. */
export const rotateExporter: CliCommand = cliCommand({
  does: "Give an exporter another token; the one before is not taken any more",
  arguments: target,
  options,
  run: (values, io) => rotate(EXPORTER_MEMBER, values, io),
});

interface Given extends ClusterValues {
  readonly name: string;
  readonly out: string | undefined;
  readonly save: boolean;
  readonly output: "name" | undefined;
}

async function rotate(member: Member, given: Given, io: CommandIo): Promise<void> {
  const { name, out, save, output, namespace, kubeconfig, context } = given;
  const { kind } = member;
  const file = { member, name, out };
  const path = pathOf(file, io);
  using cluster = await openCluster(given, io);
  const isSaving = save || out !== undefined;
  const isThere = await fileExists(path);
  // What would fail in the end fails before the old token is gone.
  const written = isThere && isSaving ? await readFile(file, cluster.namespace, io) : undefined;
  if (isThere && isSaving && written === undefined) {
    throw new ConfigError(
      `${path} is not of ${kind.name} '${name}' in namespace '${cluster.namespace}', and stays as ` +
        "it is; name another file with --out",
    );
  }
  const say = (line: string) => output === undefined ? io.print(line) : undefined;
  await say(`Rotating token for ${kind.name} '${name}' in namespace '${cluster.namespace}'`);
  const { secret = `${name}-${kind.name}` } = await statusOf(cluster, member, name);
  const notToken = await readToken(cluster, secret);
  await cluster.delete("secrets", secret).catch((error) => {
    if (!(error instanceof KubernetesError && error.httpStatus === 404)) throw error;
  });
  const credentials = await readCredentials(
    ...[cluster, member, name] as const,
    { insecureTls: false, notToken },
    io,
  );
  await say(`Token rotated for ${kind.name} '${name}'`);
  try {
    if (written !== undefined) await written.setToken(credentials.token);
    else if (isSaving) await writeFile(file, credentials, await noDrivers(false), io);
  } catch (cause) {
    if (!(cause instanceof JumpstarterError)) throw cause;
    const more = typed({ namespace, kubeconfig, context });
    throw new JumpstarterError(
      cause.code,
      `the token is rotated, but not in the file: ${cause.message}. To write another one: ` +
        `jmp admin import ${kind.name} ${name}${more} --out FILE`,
      { cause },
    );
  }
  if (isSaving) await say(`${member.title} configuration updated with new token`);
  else if (isThere) await io.note(`note: ${path} still has the token from before`);
  if (output === "name") await io.print(resourceName(kind, name));
}
