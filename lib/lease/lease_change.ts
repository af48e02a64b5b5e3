import { withCondition } from "./condition.ts";
import {
  type Condition,
  ENDED_LABEL,
  type Exporter,
  type Lease,
  type LeaseStatus,
  type OwnerReference,
} from "./objects.ts";
import { formatTime } from "./times.ts";

/** A condition to be set: what it is about, one word, and a sentence. */
export interface Finding {
  /** What the condition is about. */
  readonly type: "Pending" | "Ready" | "Unsatisfiable" | "Invalid";
  /** One word for programs. */
  readonly reason: string;
  /** A sentence for people. */
  readonly message: string;
}

/** By what right a lease gets an exporter. */
export interface Approval {
  /** Who waits with a higher one is served first. */
  readonly priority: number;
  /** Whether the lease may be ended for a better one. */
  readonly spotAccess: boolean;
}

/** The message of a lease that has its exporter. */
export const ACQUIRED = "An exporter has been acquired for the client";

/** The messages of a lease that ends after it was of use. */
const ENDS = {
  Released: "The lease was marked for release",
  Expired: "The lease has expired",
} as const;

/**
 * Says that a lease is taken note of, though nothing is to be done yet. Python's `jmp admin` shows
 * no lease at all when one has no conditions.
 */
export function acknowledge(lease: Lease): Lease {
  return lease.status === undefined ? withStatus(lease, { conditions: [] }) : lease;
}

/** Gives an exporter to a lease. */
export function grant(lease: Lease, exporter: Exporter, by: Approval, now: number): Lease {
  const assigned = withStatus(lease, {
    exporterRef: { name: exporter.metadata.name },
    priority: by.priority,
    spotAccess: by.spotAccess,
  });
  return record(begin(assigned, now), exporter);
}

/** Lets the time of a lease run that has an exporter. */
export function begin(lease: Lease, now: number): Lease {
  const begun = withStatus(lease, { beginTime: formatTime(now) });
  return tell(begun, { type: "Ready", reason: "Ready", message: ACQUIRED }, now);
}

/** Says why a lease waits, or what its exporter does; the lease itself when it says so already. */
export function tell(lease: Lease, finding: Finding, now: number): Lease {
  return withFinding(lease, { ...finding, status: "True" }, now);
}

/** Says that a lease can never be served, and ends it. */
export function refuse(lease: Lease, finding: Finding, now: number): Lease {
  return close(tell(lease, finding, now), now);
}

/** Ends a lease that was released, or whose time is over. */
export function end(lease: Lease, reason: keyof typeof ENDS, now: number): Lease {
  const over = { type: "Ready", status: "False", reason, message: ENDS[reason] } as const;
  return close(withFinding(lease, over, now), now);
}

/** Ends a lease without a word more. */
export function close(lease: Lease, now: number): Lease {
  return record(withStatus(lease, { ended: true, endTime: formatTime(now) }));
}

/**
 * Writes into the metadata of a lease what its status says: the label of ended leases, and the
 * exporter as its owner. The lease itself when that is there already.
 */
export function record(lease: Lease, exporter?: Exporter): Lease {
  const { labels = {}, ownerReferences = [] } = lease.metadata;
  const mark = lease.status?.ended === true ? "true" : undefined;
  const isOwned = exporter?.metadata.uid === undefined ||
    ownerReferences.some(({ kind }) => kind === exporter.kind);
  if (isOwned && labels[ENDED_LABEL] === mark) return lease;
  const { [ENDED_LABEL]: _, ...others } = labels;
  return {
    ...lease,
    metadata: {
      ...lease.metadata,
      labels: { ...others, ...mark !== undefined && { [ENDED_LABEL]: mark } },
      ...!isOwned && { ownerReferences: [...ownerReferences, ownerOf(exporter)] },
    },
  };
}

function ownerOf({ apiVersion, kind, metadata }: Exporter): OwnerReference {
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" };
  return { ...owner, controller: true, blockOwnerDeletion: true };
}

function withStatus(lease: Lease, changes: Partial<LeaseStatus>): Lease {
  return { ...lease, status: { ended: false, ...lease.status, ...changes } };
}

function withFinding(
  lease: Lease,
  condition: Finding & Pick<Condition, "status">,
  now: number,
): Lease {
  const before = lease.status?.conditions ?? [];
  const conditions = withCondition(before, condition, lease.metadata.generation, now);
  return conditions === before ? lease : withStatus(lease, { conditions });
}
