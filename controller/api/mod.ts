/**
 * The administration API: the Kubernetes REST shape of a lab's objects, for `kubectl` and
 * `jmp admin`.
 *
 * @module
 */
export { apiHandler, type ApiOptions } from "./handler.ts";
export { ApiServer, type ApiServerOptions } from "./server.ts";
export { AUTHORITY, type AuthorityOptions, ENDPOINT, publishAuthority } from "./authority.ts";
export { MIN_TOKEN } from "./credential.ts";
export { kubeconfig, type KubeconfigOptions, writeKubeconfig } from "./kubeconfig.ts";
