/** Where Kubernetes tells a pod its namespace. */
const POD_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** The namespace that this process runs in, if any: `NAMESPACE`, `POD_NAMESPACE`, or the pod's own. */
export function ownNamespace(): string | undefined {
  return Deno.env.get("NAMESPACE") || Deno.env.get("POD_NAMESPACE") || podNamespace();
}

function podNamespace(): string | undefined {
  try {
    return Deno.readTextFileSync(POD_FILE).trim() || undefined;
  } catch {
    return undefined; // not in a pod
  }
}
