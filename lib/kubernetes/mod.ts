/**
 * The Kubernetes API as administration of a lab needs it, of a cluster and of `jmp-controller` alike.
 *
 * @module
 */
export { type Cluster, type ClusterOptions, loadCluster } from "./kubeconfig.ts";
export { KubernetesApi } from "./kubernetes_api.ts";
export { KubernetesError } from "./kubernetes_error.ts";
export type { KubernetesObject, ObjectChange, ObjectList } from "./kubernetes_object.ts";
