/**
 * The objects of a lab as the store keeps them: the JSON of the custom resources
 * `jumpstarter.dev/v1alpha1`. Times are RFC 3339 texts; absent members are left out.
 */

/** The `apiVersion` of every object here. */
export const API_VERSION = "jumpstarter.dev/v1alpha1";

/** Marks a lease that has ended, for list filters. */
export const ENDED_LABEL = "jumpstarter.dev/lease-ended";

/** A reference to another object of the same namespace. */
export interface NameRef {
  /** The name of the object. */
  name: string;
}

/** Says which object an object belongs to; it is removed when that one is. */
export interface OwnerReference {
  /** API group and version of the owner. */
  apiVersion: string;
  /** Kind of the owner. */
  kind: string;
  /** Name of the owner. */
  name: string;
  /** Uid of the owner; another object of the same name is another owner. */
  uid: string;
  /** Whether the owner manages this object; at most one owner does. */
  controller?: boolean;
  /** Whether the owner stays until this object is gone, when it is deleted in the foreground. */
  blockOwnerDeletion?: boolean;
}

/** What every object has. */
export interface ObjectMeta {
  /** The name, one of a kind in the namespace. */
  name: string;
  /** The namespace. */
  namespace?: string;
  /** Set by the store when the object is created; never used again. */
  uid?: string;
  /** Grows with every write; opaque. */
  resourceVersion?: string;
  /** Grows with every change of the spec. */
  generation?: number;
  /** When the object was created. */
  creationTimestamp?: string;
  /** Labels, for selectors. */
  labels?: Record<string, string>;
  /** Notes of people and programs. */
  annotations?: Record<string, string>;
  /** Whom the object belongs to. */
  ownerReferences?: OwnerReference[];
}

/** What every kind of object has. */
export interface StoredObject {
  /** API group and version. */
  apiVersion: string;
  /** The kind. */
  kind: string;
  /** Name, labels and so on. */
  metadata: ObjectMeta;
}

/** One thing that is true of an object, false of it, or not known. */
export interface Condition {
  /** What the condition is about. */
  type: string;
  /** Whether it holds. */
  status: "True" | "False" | "Unknown";
  /** One word for programs. */
  reason: string;
  /** A sentence for people. */
  message: string;
  /** When the status last became what it is; a new reason or message does not count. */
  lastTransitionTime: string;
  /** The generation of the object that was looked at. */
  observedGeneration?: number;
}

/** How an expression of a stored selector judges the values of its key. */
export type StoredOperator = "In" | "NotIn" | "Exists" | "DoesNotExist";

/** One expression of a stored selector. */
export interface StoredRequirement {
  /** The key of the label. */
  key: string;
  /** How its value is judged. */
  operator: StoredOperator;
  /** The values, for `In` and `NotIn`. */
  values?: string[];
}

/** A selector as objects hold it; all of it must hold, and an empty one always does. */
export interface LabelSelector {
  /** Labels that must be there with these values. */
  matchLabels?: Record<string, string>;
  /** What else must hold. */
  matchExpressions?: StoredRequirement[];
}

/** What a client asks for. */
export interface LeaseSpec {
  /** The owner. */
  clientRef: NameRef;
  /** How long it lasts, as Go writes durations (`1h30m0s`). */
  duration?: string;
  /** Which exporters will do. */
  selector: LabelSelector;
  /** The one exporter that will do. */
  exporterRef?: NameRef;
  /** Notes of the owner, for list filters; fixed at creation. */
  tags?: Record<string, string>;
  /** Whether the exporter named may be a disabled one. */
  allowDisabled?: boolean;
  /** Asks for the end of the lease. */
  release?: boolean;
  /** When it begins at the earliest. */
  beginTime?: string;
  /** When it ends at the latest. */
  endTime?: string;
  /** Where the lease comes from, for observers; fixed at creation. */
  context?: Record<string, string>;
}

/** What became of a lease. */
export interface LeaseStatus {
  /** Whether it is over; never taken back. */
  ended: boolean;
  /** When an exporter was acquired. */
  beginTime?: string;
  /** When it was released, expired or refused. */
  endTime?: string;
  /** The exporter acquired; kept after the end. */
  exporterRef?: NameRef;
  /** Priority of the policy that granted it. */
  priority?: number;
  /** Whether that policy grants spot access. */
  spotAccess?: boolean;
  /** What happened, in order; the last one is the state. */
  conditions?: Condition[];
}

/** The use of one exporter by one client for a time. */
export interface Lease extends StoredObject {
  /** What the client asks for. */
  spec: LeaseSpec;
  /** What became of it; a new lease has none. */
  status?: LeaseStatus;
}

/** The statuses that an exporter reports, each at its number in messages. */
export const EXPORTER_STATUSES = [
  "Unspecified",
  "Offline",
  "Available",
  "BeforeLeaseHook",
  "LeaseReady",
  "AfterLeaseHook",
  "BeforeLeaseHookFailed",
  "AfterLeaseHookFailed",
] as const;

/** One of {@linkcode EXPORTER_STATUSES}. */
export type StoredExporterStatus = typeof EXPORTER_STATUSES[number];

/** A driver instance that an exporter registered. */
export interface StoredDevice {
  /** Its uuid. */
  uuid?: string;
  /** The uuid of its parent; the root has none. */
  parent_uuid?: string;
  /** Its labels. */
  labels?: Record<string, string>;
}

/** What is known about an exporter. */
export interface StoredExporterState {
  /** `Registered` and `Online`. */
  conditions?: Condition[];
  /** The Secret with its token. */
  credential?: NameRef;
  /** Its driver instances. */
  devices?: StoredDevice[];
  /** The lease it serves. */
  leaseRef?: NameRef;
  /** When it was last heard of. */
  lastSeen?: string;
  /** Where it finds the controller. */
  endpoint?: string;
  /** What it last reported; old exporters never do. */
  exporterStatus?: StoredExporterStatus;
  /** What it said about that. */
  statusMessage?: string;
}

/** A program that serves the drivers of a device under test. */
export interface Exporter extends StoredObject {
  /** What an administrator says about it. */
  spec: {
    /** Its user name at an external issuer. */
    username?: string;
    /** Whether new leases may get it; absent means yes. */
    enabled?: boolean;
  };
  /** What is known about it. */
  status?: StoredExporterState;
}

/** Someone who leases exporters. */
export interface Client extends StoredObject {
  /** What an administrator says about it. */
  spec: {
    /** Its user name at an external issuer. */
    username?: string;
  };
  /** What is known about it. */
  status?: {
    /** `TokenExpiring`. */
    conditions?: Condition[];
    /** The Secret with its token. */
    credential?: NameRef;
    /** Where it finds the controller. */
    endpoint?: string;
    /** When its token expires. */
    tokenExpiresAt?: string;
  };
}

/** One rule of a policy: who may lease, how long, and how urgently. */
export interface AccessRule {
  /** What it is for; shown to those it does not let in. */
  description?: string;
  /** Who waits with a higher one is served first. */
  priority?: number;
  /** Whom it lets in; nobody when there is none. */
  from?: {
    /** The labels of the client. */
    clientSelector?: LabelSelector;
  }[];
  /** The longest lease, as Go writes durations. */
  maximumDuration?: string;
  /** Whether a lease may be ended for a better one. */
  spotAccess?: boolean;
}

/** Who may lease some of the exporters. As soon as there is one, what none selects is out of reach. */
export interface ExporterAccessPolicy extends StoredObject {
  /** The policy. */
  spec: {
    /** The exporters it is about. */
    exporterSelector?: LabelSelector;
    /** Its rules. */
    policies?: AccessRule[];
  };
}
