/** The certificate by which clients and exporters judge the controller, where tools look for it. */
import { AlreadyExistsError, type ConfigMap, type Store } from "../store/mod.ts";

/** The ConfigMap that `jmp admin` reads. */
export const AUTHORITY = "jumpstarter-service-ca-cert";

/** Beside it: where the controller is found, for routers elsewhere. */
export const ENDPOINT = "endpoint";

/** What {@linkcode publishAuthority} takes. */
export interface AuthorityOptions {
  /** The namespace of the clients and exporters. */
  readonly namespace: string;
  /** The certificate, PEM. */
  readonly ca: string;
  /** Where clients and exporters find the controller, `host:port`. */
  readonly endpoint?: string;
}

/**
 * Puts the certificate into the ConfigMap `jumpstarter-service-ca-cert`, from which `jmp admin` copies
 * it into the files it writes. Call it again when the certificate changes.
 */
export async function publishAuthority(
  { configmaps }: Store,
  { namespace, ca, endpoint }: AuthorityOptions,
): Promise<ConfigMap> {
  const data = { "ca.crt": ca, ...(endpoint && { [ENDPOINT]: endpoint }) };
  try {
    return await configmaps.create({ metadata: { namespace, name: AUTHORITY }, data });
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
    return await configmaps.patch(namespace, AUTHORITY, { data });
  }
}
