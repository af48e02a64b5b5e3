import { RpcError } from "@jumpstarter/lib/rpc";

/** As much of a Lease as authorization looks at. */
export interface LeaseClaim {
  /** Which lease it is. */
  readonly metadata: { readonly name: string };
  /** Who owns it. */
  readonly spec: { readonly clientRef: { readonly name: string } };
  /** Which exporter it has, and whether it is over. */
  readonly status?: {
    readonly ended: boolean;
    readonly exporterRef?: { readonly name: string };
  };
}

/** What only the owner of a lease may call. */
export type OwnerMethod = "GetLease" | "ReleaseLease" | "UpdateLease" | "DeleteLease";

// Clients show the text of UNKNOWN only, and act on "permission denied" in it. Caller and lease are
// of one namespace: a lease is looked up in its caller's.

/**
 * Whether a client may change, release or read a lease as its own.
 *
 * @throws {RpcError} UNKNOWN for the leases of others
 */
export function checkOwner(method: OwnerMethod, lease: LeaseClaim, client: string): void {
  if (lease.spec.clientRef.name !== client) refuse(`${method} permission denied`);
}

/**
 * Whether a client may connect to the exporter of a lease, and to which.
 *
 * @throws {RpcError} UNKNOWN when the lease is not the client's, has no exporter, or has ended
 */
export function checkDial(lease: LeaseClaim, client: string): { exporter: string } {
  if (lease.spec.clientRef.name !== client) refuse("permission denied");
  const exporter = lease.status?.exporterRef?.name;
  if (exporter === undefined) refuse("lease not active");
  checkNotEnded(lease);
  return { exporter };
}

/**
 * Whether an exporter may wait for the connections of a lease.
 *
 * @throws {RpcError} UNKNOWN when it does not hold the lease, or the lease has ended
 */
export function checkListen(lease: LeaseClaim, exporter: string): void {
  if (lease.status?.exporterRef?.name !== exporter) refuse("permission denied");
  checkNotEnded(lease);
}

/**
 * Whether an exporter may release a lease.
 *
 * @throws {RpcError} FAILED_PRECONDITION when it does not hold the lease
 */
export function checkHolder(lease: LeaseClaim, exporter: string): void {
  if (lease.status?.exporterRef?.name === exporter) return;
  throw new RpcError(
    "FAILED_PRECONDITION",
    `lease ${lease.metadata.name} is not held by exporter ${exporter}`,
  );
}

function checkNotEnded(lease: LeaseClaim): void {
  if (lease.status?.ended) refuse(`lease ${lease.metadata.name} has ended`);
}

function refuse(details: string): never {
  throw new RpcError("UNKNOWN", details);
}
