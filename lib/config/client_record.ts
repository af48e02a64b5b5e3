/** What a client file says: who the client is, and how it reaches its controller. */
export interface ClientValues {
  /** The namespace of the client. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
  /** The controller, `host:port`. */
  readonly endpoint: string;
  /** Certificates to trust in base64, and whether none is checked at all. */
  readonly tls: { readonly ca: string; readonly insecure: boolean };
  /** The bearer token: a secret. */
  readonly token: string;
  /** Which driver packages a Python client may load. */
  readonly drivers: { readonly allow: readonly string[]; readonly unsafe: boolean };
}

/** The text of a client file, which reads back equal, with us and with the Python peer. */
export async function formatClientFile(
  { namespace, name, endpoint, tls, token, drivers }: ClientValues,
): Promise<string> {
  const { stringify } = await import("yaml");
  const record = {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "ClientConfig",
    metadata: { namespace, name },
    endpoint,
    tls,
    token,
    grpcOptions: {},
    drivers,
    shell: { use_profiles: false },
  };
  return stringify(record, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}
