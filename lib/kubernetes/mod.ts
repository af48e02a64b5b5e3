/**
 * The Kubernetes API as administration of a lab needs it, of a cluster and of `jmp-controller` alike.
 *
 * @module
 */
export { type Cluster, type ClusterOptions, loadCluster } from "./kubeconfig.ts";
export { KubernetesApi, KubernetesError, type KubernetesObject } from "./kubernetes_api.ts";
