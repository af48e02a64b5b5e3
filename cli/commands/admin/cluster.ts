import {
  type CommandIo,
  optional,
  type Parameter,
  path,
  text,
  type Values,
} from "@jumpstarter/lib/commands";
import { KubernetesApi, loadCluster } from "@jumpstarter/lib/kubernetes";
import { resolve } from "node:path";

/** Which lab is administered. */
export const clusterOptions = {
  namespace: optional(text("namespace; that of the context unless given", "NAME", "n")),
  kubeconfig: optional(path("kubeconfig file; those of KUBECONFIG unless given")),
  context: optional(text("context of the kubeconfig; the current one unless given", "NAME")),
};

/** Values of {@linkcode clusterOptions}. */
export type ClusterValues = Values<typeof clusterOptions>;

/** The name of an object. */
export function nameOf(does: string): Parameter<string> {
  return {
    ...text(does, "NAME"),
    parse(given) {
      if (given.trim() === "") throw new Error("Missing required argument 'NAME'.");
      return given;
    },
  };
}

/** Opens the API of the lab that the options name. */
export async function openCluster(
  { namespace, kubeconfig, context }: ClusterValues,
  io: CommandIo,
): Promise<KubernetesApi> {
  const file = kubeconfig === undefined ? undefined : resolve(io.cwd, kubeconfig);
  const cluster = await loadCluster({ kubeconfig: file, context });
  return await KubernetesApi.open(cluster, namespace ?? cluster.namespace ?? "default", io.signal);
}

/** The options as they were typed, for a command that is proposed. */
export function typed(options: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(options)
    .map(([name, value]) => value === undefined ? "" : ` --${name} ${quoted(value)}`)
    .join("");
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
