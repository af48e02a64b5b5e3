import { choice, type CommandIo, flag, optional, text } from "@jumpstarter/lib/commands";
import { clientPath, fileExists, writeAtomically } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { resolve } from "node:path";
import { clusterOptions, openCluster } from "./cluster.ts";
import { type Credentials, outOption, readCredentials } from "./credentials.ts";
import { CLIENT, resourceName } from "./kinds.ts";
import { save } from "./save.ts";

/** `jmp admin rotate client`. */
export const rotateClient: CliCommand = cliCommand({
  does: "Give a client another token; the one before is not taken any more",
  arguments: { name: text("which one", "NAME") },
  options: {
    ...clusterOptions,
    ...outOption,
    save: flag("put the token into the client's file", "s"),
    output: optional(choice(["name"], "print the name", "o")),
  },
  async run({ name, out, output, ...values }, io) {
    const path = out === undefined ? clientPath(name) : resolve(io.cwd, out);
    if (values.save && out === undefined && !await fileExists(path)) {
      throw new ConfigError(`client '${name}' has no file ${path}; name another one with --out`);
    }
    using cluster = await openCluster(values, io);
    const before = await readCredentials(cluster, CLIENT, name, false, io);
    const say = (line: string) => output === undefined ? io.print(line) : Promise.resolve();
    await say(`Rotating token for client '${name}' in namespace '${cluster.namespace}'`);
    await cluster.delete("secrets", `${name}-client`);
    const credentials = await readCredentials(cluster, CLIENT, name, false, io);
    if (credentials.token === before.token) {
      throw new ConfigError(`client '${name}' still has its token; is a controller running?`);
    }
    await say(`Token rotated for client '${name}'`);
    if (values.save || out !== undefined) {
      await putToken(path, credentials, io);
      await say("Client configuration updated with new token");
    }
    if (output === "name") await io.print(resourceName(CLIENT, name));
  },
});

/** Puts a token into a client's file, which stays as it is otherwise; a missing one is written. */
async function putToken(path: string, credentials: Credentials, io: CommandIo): Promise<void> {
  if (!await fileExists(path)) {
    const drivers = { allow: [], unsafe: false };
    await save(CLIENT, credentials, { out: path, drivers }, io);
    return;
  }
  const { isMap, parseDocument } = await import("yaml");
  const document = parseDocument(await Deno.readTextFile(path));
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new ConfigError(`${path} is no client file; the new token is not in it`);
  }
  document.set("token", credentials.token);
  await writeAtomically(path, document.toString({ lineWidth: 0 }));
}
