import { ConfigError } from "../errors.ts";
import { writeAtomically } from "./atomic_file.ts";
import { type ClientValues, formatClientFile } from "./client_record.ts";
import { checkAlias, configHome, type Environment, fileExists } from "./locations.ts";

/** Where the file of a client is, or would be. Fails with `ConfigError` for an impossible alias. */
export function clientPath(alias: string, env?: Environment): string {
  checkAlias(alias, "client");
  return `${configHome(env)}/clients/${alias}.yaml`;
}

/** Where the file of a new client goes; fails with `ConfigError` when there is one already. */
export async function newClientPath(alias: string, env?: Environment): Promise<string> {
  const path = clientPath(alias, env);
  if (!await fileExists(path)) return path;
  throw new ConfigError(`client "${alias}" exists; ${path} is its file`);
}

/**
 * Writes the file of a client, readable by its owner only, and makes it the current one when there is
 * none, or its file is gone; its path.
 */
export async function saveClient(
  alias: string,
  values: ClientValues,
  env?: Environment,
): Promise<string> {
  const path = clientPath(alias, env);
  await writeAtomically(path, await formatClientFile(values));
  const current = await currentClient(env);
  const isThere = current !== undefined &&
    await fileExists(`${configHome(env)}/clients/${current}.yaml`);
  if (!isThere) await useClient(alias, env);
  return path;
}

/** Deletes the file of a client; whether there was one. It is not the current one any more. */
export async function deleteClient(alias: string, env?: Environment): Promise<boolean> {
  const path = clientPath(alias, env);
  const isThere = await fileExists(path);
  if (isThere) await Deno.remove(path);
  if (await currentClient(env) === alias) await useClient(null, env);
  return isThere;
}

/** The client that is used where none is named; `undefined` for none. */
export async function currentClient(env?: Environment): Promise<string | undefined> {
  const alias = (await userDocument(env)).getIn(["config", "current-client"]);
  return typeof alias === "string" && alias !== "" ? alias : undefined;
}

/** Makes a client the one that is used where none is named; `null` for none. */
export async function useClient(alias: string | null, env?: Environment): Promise<void> {
  const document = await userDocument(env);
  document.setIn(["config", "current-client"], alias);
  await writeAtomically(userPath(env), document.toString({ lineWidth: 0 }));
}

function userPath(env?: Environment): string {
  return `${configHome(env)}/config.yaml`;
}

/** The user's own file, comments and all; what it would be when there is none. */
async function userDocument(env?: Environment) {
  const { Document, isMap, parseDocument } = await import("yaml");
  const path = userPath(env);
  if (!await fileExists(path)) {
    return new Document({
      apiVersion: "jumpstarter.dev/v1alpha1",
      kind: "UserConfig",
      config: { "current-client": null },
    });
  }
  const document = parseDocument(await Deno.readTextFile(path));
  const [error] = document.errors;
  if (error !== undefined) throw new ConfigError(`${path} is not YAML: ${error.message}`);
  if (!isMap(document.get("config"))) {
    throw new ConfigError(`${path} has no table "config"; write "config: {current-client: null}"`);
  }
  return document;
}
