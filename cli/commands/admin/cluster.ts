import { type CommandIo, optional, path, text, type Values } from "@jumpstarter/lib/commands";
import { KubernetesApi, loadCluster } from "@jumpstarter/lib/kubernetes";

/** Which lab is administered. */
export const clusterOptions = {
  namespace: optional(text("namespace; that of the context unless given", "NAME", "n")),
  kubeconfig: optional(path("kubeconfig file; those of KUBECONFIG unless given")),
  context: optional(text("context of the kubeconfig; the current one unless given", "NAME")),
};

/** Opens the API of the lab that the options name. */
export async function openCluster(
  { namespace, kubeconfig, context }: Values<typeof clusterOptions>,
  io: CommandIo,
): Promise<KubernetesApi> {
  const cluster = await loadCluster({ kubeconfig, context });
  return new KubernetesApi(cluster, namespace ?? cluster.namespace ?? "default", io.signal);
}
