import { writeAtomically } from "@jumpstarter/lib/config";

/** What a kubeconfig says. */
export interface KubeconfigOptions {
  /** Where the API is, such as `https://lab.example.com:8443`. */
  readonly server: string;
  /** The certificates, PEM, that the API's certificate is judged by. */
  readonly ca: string;
  /** The administrator's token. */
  readonly token: string;
  /** The namespace of commands that name none; `default` unless given. */
  readonly namespace?: string | undefined;
}

const NAME = "jumpstarter";

/** The text of a kubeconfig with one cluster, one user and one context. */
export function kubeconfig(options: KubeconfigOptions): string {
  const { server, ca, token, namespace = "default" } = options;
  const authority = new TextEncoder().encode(ca).toBase64();
  // A JSON text is a YAML text too.
  return `apiVersion: v1
kind: Config
clusters:
- name: ${NAME}
  cluster:
    server: ${JSON.stringify(server)}
    certificate-authority-data: ${authority}
users:
- name: admin
  user:
    token: ${JSON.stringify(token)}
contexts:
- name: ${NAME}
  context:
    cluster: ${NAME}
    user: admin
    namespace: ${JSON.stringify(namespace)}
current-context: ${NAME}
`;
}

/**
 * Writes a kubeconfig that only its owner can read; what was there before is replaced at once.
 *
 * @throws {ConfigError} when it cannot be written
 */
export async function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  await writeAtomically(path, kubeconfig(options));
}
