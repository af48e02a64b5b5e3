import { resolve } from "node:path";
import { optional, path, text } from "@jumpstarter/lib/commands";
import { writeAtomically } from "@jumpstarter/lib/config";
import { ConfigError } from "@jumpstarter/lib/errors";
import { KubernetesApi, loadCluster } from "@jumpstarter/lib/kubernetes";
import { type CliCommand, cliCommand } from "@jumpstarter/lib/program";
import { nameOf, parseAddress, parseHost } from "./addresses.ts";
import { AUTHORITY, ENDPOINT } from "./api/mod.ts";

/** `jmp-controller router-file`. */
export const routerFileCommand: CliCommand = cliCommand({
  does: "Make the file with which a router elsewhere runs; its controller has to be running",
  arguments: {
    data: path("the folder of the lab"),
    endpoint: text("where clients and exporters will find the router", "HOST:PORT"),
  },
  options: {
    out: path("the file to write: a secret"),
    listen: optional(text("where the router listens; all addresses unless given", "HOST:PORT")),
  },
  async run({ data, endpoint, out, listen }, io) {
    const address = parseAddress("endpoint", endpoint);
    parseHost(nameOf(address) ?? "");
    if (listen !== undefined) parseAddress("--listen", listen);
    if (out === undefined) throw new ConfigError("--out is missing: name the file to write");
    const folder = resolve(io.cwd, data);
    const { key, ca, controller } = await readLab(folder, io.signal);
    const caKey = await Deno.readTextFile(`${folder}/ca-key.pem`).catch((cause) => {
      throw new ConfigError(`${folder}/ca-key.pem is not there to make a certificate`, { cause });
    });
    const { makeServerCertificate } = await import("./services/certificates.ts");
    const { formatRouterFile } = await import("./control/mod.ts");
    const identity = await makeServerCertificate({ cert: ca, key: caKey }, [address.hostname]);
    const file = resolve(io.cwd, out);
    const text = formatRouterFile({
      endpoint,
      listen: listen ?? `0.0.0.0:${address.port}`,
      controller,
      key,
      tls: { ca, cert: identity.cert, key: identity.key },
    });
    await writeAtomically(file, text);
    await io.print(`${out} is for the router at ${endpoint}: copy it there, and run`);
    await io.print(`  jmp-controller router ${out}`);
    await io.print(`and add it to the configuration file of the controller:`);
    await io.print(`  router: {${nameFor(address.hostname)}: {endpoint: "${endpoint}"}}`);
  },
});

/** What a running lab tells its administrator. */
async function readLab(folder: string, signal: AbortSignal) {
  const cluster = await loadCluster({ kubeconfig: `${folder}/kubeconfig` });
  using api = await KubernetesApi.open(cluster, cluster.namespace ?? "default", signal);
  const { KEYS, ROUTER_KEY } = await import("./services/keys.ts");
  const [keys, authority] = await Promise.all([
    api.get("secrets", KEYS),
    api.get("configmaps", AUTHORITY),
  ]) as unknown as { data?: Record<string, string> }[];
  const [key, ca, controller] = [
    keys?.data?.[ROUTER_KEY],
    authority?.data?.["ca.crt"],
    authority?.data?.[ENDPOINT],
  ];
  if (!key || !ca || !controller) {
    throw new ConfigError(`the lab of ${folder} does not tell its keys; restart its controller`);
  }
  return { key: new TextDecoder().decode(Uint8Array.fromBase64(key)), ca, controller };
}

function nameFor(hostname: string): string {
  return /^[a-z]/i.test(hostname) ? hostname.split(".")[0]! : "other";
}
