import { randomBytes } from "node:crypto";
import { writeAtomically } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { ApiServer, MIN_TOKEN, publishAuthority, writeKubeconfig } from "./api/mod.ts";
import type { Log } from "./scheduler/mod.ts";
import type { ListenAddress, RunningController } from "./services/mod.ts";

/** What {@linkcode serveAdministration} takes. */
export interface AdministrationOptions {
  /** The folder of the lab; its kubeconfig goes there. */
  readonly data: string;
  /** Where the API listens. */
  readonly listen: ListenAddress;
  /** The name or address by which it is found, as the certificate has it. */
  readonly host: string;
  /** The namespace of the objects. */
  readonly namespace: string;
  /** Takes what there is to tell. */
  readonly log: Log;
}

/** A served API. */
export interface Administration extends AsyncDisposable {
  /** With it `kubectl` and `jmp admin` administer the lab. */
  readonly kubeconfig: string;
}

/**
 * Serves the administration of a running controller, for whoever can read the kubeconfig in its folder.
 * The credential stays the same over restarts; without its file a new one is made.
 *
 * @throws {ConfigError} when the file with the credential holds too little
 */
export async function serveAdministration(
  controller: Pick<
    RunningController,
    "identity" | "publicIdentity" | "onIdentity" | "store" | "audit" | "endpoint"
  >,
  { data, listen, host, namespace, log }: AdministrationOptions,
): Promise<Administration> {
  const { store, audit, endpoint } = controller;
  const { identity, identity: { ca } } = controller;
  const publish = () =>
    publishAuthority(store, { namespace, ca: controller.publicIdentity.ca, endpoint });
  const token = await adminToken(`${data}/admin-token`);
  await publish();
  const api = await ApiServer.listen({
    ...listen,
    host,
    identity,
    store,
    audit,
    token,
    onFault: (error) => log("ERROR", "the administration API failed", { error: String(error) }),
  });
  const kubeconfig = `${data}/kubeconfig`;
  const server = `https://${api.endpoint}`;
  try {
    await writeKubeconfig(kubeconfig, { server, ca, token, namespace });
  } catch (error) {
    await api[Symbol.asyncDispose]();
    throw error;
  }
  controller.onIdentity(() => {
    api.useIdentity(controller.identity);
    publish().catch((error) => log("ERROR", "the CA is not published", { error: String(error) }));
  });
  return { kubeconfig, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

async function adminToken(path: string): Promise<string> {
  let token: string;
  try {
    token = (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    token = randomBytes(32).toString("base64url");
    await writeAtomically(path, token);
  }
  if (token.length >= MIN_TOKEN && !/\s/.test(token)) return token;
  throw new ConfigError(
    `${path} holds no token of at least ${MIN_TOKEN} characters; remove it, and a new one is made`,
  );
}
