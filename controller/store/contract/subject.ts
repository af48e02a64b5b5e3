import type { Client, Draft, Exporter, Lease, StoredObject } from "../objects.ts";
import type { Store } from "../store.ts";

/** A store under test. */
export interface Opened extends AsyncDisposable {
  /** The store. */
  readonly store: Store;
  /** A namespace with nothing in it. */
  readonly namespace: string;
}

/** One test. */
export type ContractTest = (opened: Opened) => Promise<void>;

/** A client to be created. */
export function clientNamed(namespace: string, name: string, labels = {}): Draft<Client> {
  return { metadata: { namespace, name, labels }, spec: {} };
}

/** An exporter to be created. */
export function exporterNamed(namespace: string, name: string, labels = {}): Draft<Exporter> {
  return { metadata: { namespace, name, labels }, spec: { enabled: true } };
}

/** A lease to be created. */
export function leaseNamed(
  namespace: string,
  name: string,
  spec: Partial<Lease["spec"]> = {},
): Draft<Lease> {
  return {
    metadata: { namespace, name },
    spec: {
      clientRef: { name: "alice" },
      selector: { matchLabels: { board: "rpi4" } },
      duration: "1h0m0s",
      ...spec,
    },
  };
}

/** A reference to an owner. */
export function ownedBy({ apiVersion, kind, metadata: { name, uid } }: StoredObject) {
  return { apiVersion, kind, name, uid, controller: true };
}
