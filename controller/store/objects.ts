/** The shapes of the objects a store keeps: those of the CRDs, and of Secrets and ConfigMaps. */

/** Says that an object lives only as long as another one. */
export interface OwnerReference {
  /** Group and version of the owner, such as `jumpstarter.dev/v1alpha1`. */
  apiVersion: string;
  /** The owner's kind, such as `Exporter`. */
  kind: string;
  /** The owner's name, in the same namespace. */
  name: string;
  /** The owner's uid: an object created anew under the same name is not the owner. */
  uid: string;
  /** Whether the owner manages this object; at most one owner may. */
  controller?: boolean;
  /** Whether the owner is to stay until this object is gone, when it is deleted in the foreground. */
  blockOwnerDeletion?: boolean;
}

/** What every object has. Times are RFC 3339 text of whole seconds, in UTC. */
export interface ObjectMeta {
  /** The name, unique within kind and namespace. */
  name: string;
  /** The namespace. */
  namespace: string;
  /** Names one object for ever; given by the store. */
  uid: string;
  /** The version of the object that was read; opaque text, different after every change. */
  resourceVersion: string;
  /** Counts the changes of everything but metadata and status. */
  generation: number;
  /** When the object was created. */
  creationTimestamp: string;
  /** When the object's deletion began, while finalizers hold it back. */
  deletionTimestamp?: string;
  /** Seconds that were given to the deletion; always 0 here. */
  deletionGracePeriodSeconds?: number;
  /** What selectors look at. */
  labels?: Record<string, string>;
  /** Anything else people and programs want to keep with the object. */
  annotations?: Record<string, string>;
  /** The objects without which this one is garbage. */
  ownerReferences?: OwnerReference[];
  /** Those who have something to do before the object goes. */
  finalizers?: string[];
  /** Which manager set which field; kept as given. */
  managedFields?: unknown[];
}

/** What a store keeps: any object of any kind. */
export interface StoredObject {
  /** Group and version, such as `jumpstarter.dev/v1alpha1`. */
  apiVersion: string;
  /** The kind, such as `Lease`. */
  kind: string;
  /** Name, version, labels, owners. */
  metadata: ObjectMeta;
}

/** One observation about an object. */
export interface Condition {
  /** What is observed, such as `Ready`. */
  type: string;
  /** Whether it holds. */
  status: "True" | "False" | "Unknown";
  /** When `status` last changed. */
  lastTransitionTime: string;
  /** Why, as one word. */
  reason: string;
  /** Why, as a sentence. */
  message: string;
  /** The generation that was looked at. */
  observedGeneration?: number;
}

/** One term of a selector. */
export interface SelectorRequirement {
  /** The label's key. */
  key: string;
  /** How its value is compared. */
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  /** The values, for `In` and `NotIn`. */
  values?: string[];
}

/** Selects objects by labels; all terms have to hold, and an empty one selects everything. */
export interface LabelSelector {
  /** Labels that must be equal. */
  matchLabels?: Record<string, string>;
  /** Further terms. */
  matchExpressions?: SelectorRequirement[];
}

/** Names another object of the same namespace. */
export interface ObjectReference {
  /** Its name. */
  name: string;
}

/** One who leases exporters. */
export interface Client extends StoredObject {
  /** What an administrator says. */
  spec: {
    /** The name the client has with an external issuer. */
    username?: string;
  };
  /** What the controller says. */
  status?: {
    /** Type `TokenExpiring`. */
    conditions?: Condition[];
    /** The Secret that holds the token. */
    credential?: ObjectReference;
    /** The controller's public endpoint, `host:port`. */
    endpoint?: string;
    /** When the token ends. */
    tokenExpiresAt?: string;
  };
}

/** What an exporter last said it is doing. */
export type ExporterStatus =
  | "Unspecified"
  | "Offline"
  | "Available"
  | "BeforeLeaseHook"
  | "LeaseReady"
  | "AfterLeaseHook"
  | "BeforeLeaseHookFailed"
  | "AfterLeaseHookFailed";

/** A driver instance that an exporter registered. */
export interface Device {
  /** The instance's uuid. */
  uuid?: string;
  /** The uuid of the instance above it. */
  parent_uuid?: string;
  /** The instance's labels. */
  labels?: Record<string, string>;
}

/** A device under test that can be leased. */
export interface Exporter extends StoredObject {
  /** What an administrator says. */
  spec: {
    /** The name the exporter has with an external issuer. */
    username?: string;
    /** Whether new leases may be given it; absent means yes. */
    enabled?: boolean;
  };
  /** What the controller and the exporter say. */
  status?: {
    /** Types `Registered` and `Online`. */
    conditions?: Condition[];
    /** The Secret that holds the token. */
    credential?: ObjectReference;
    /** The driver instances; absent means not registered. */
    devices?: Device[];
    /** The lease that has the exporter now. */
    leaseRef?: ObjectReference;
    /** When the exporter was last heard of. */
    lastSeen?: string;
    /** The controller's public endpoint, `host:port`. */
    endpoint?: string;
    /** What the exporter last reported. */
    exporterStatus?: ExporterStatus;
    /** What it said about that. */
    statusMessage?: string;
  };
}

/** A client's claim on an exporter. */
export interface Lease extends StoredObject {
  /** What the client asks for. Durations are Go's text (`1h30m0s`). */
  spec: {
    /** Who asks. */
    clientRef: ObjectReference;
    /** For how long. */
    duration?: string;
    /** Which exporters will do. */
    selector: LabelSelector;
    /** The one exporter that will do. */
    exporterRef?: ObjectReference;
    /** The client's notes; at most 10, set once. */
    tags?: Record<string, string>;
    /** Whether the exporter named may be a disabled one. */
    allowDisabled?: boolean;
    /** Asks for the end of the lease. */
    release?: boolean;
    /** From when. */
    beginTime?: string;
    /** Until when. */
    endTime?: string;
    /** What hooks are told; at most 8 entries, set once. */
    context?: Record<string, string>;
  };
  /** What became of it; absent until the lease is first looked at. */
  status?: {
    /** Whether it is over. */
    ended: boolean;
    /** When an exporter was given. */
    beginTime?: string;
    /** When it was over. */
    endTime?: string;
    /** The exporter; stays after the end. */
    exporterRef?: ObjectReference;
    /** The priority of the policy that granted it. */
    priority?: number;
    /** Whether the policy granted it for as long as nobody else wants the exporter. */
    spotAccess?: boolean;
    /** Types `Pending`, `Ready`, `Unsatisfiable`, `Invalid`, in order of first appearance. */
    conditions?: Condition[];
  };
}

/** One rule of a policy. */
export interface AccessRule {
  /** Told to clients that the rule does not let in. */
  description?: string;
  /** Decides which exporter a lease gets; the greater one first. */
  priority?: number;
  /** The clients let in; nobody when absent. */
  from?: { clientSelector?: LabelSelector }[];
  /** The longest lease, as Go's duration text. */
  maximumDuration?: string;
  /** Whether a lease lasts only as long as nobody else wants the exporter. */
  spotAccess?: boolean;
}

/** Says which clients may lease which exporters. */
export interface ExporterAccessPolicy extends StoredObject {
  /** What an administrator says. */
  spec: {
    /** The exporters it speaks of. */
    exporterSelector?: LabelSelector;
    /** Who may lease them. */
    policies?: AccessRule[];
  };
  /** Always empty. */
  status?: Record<string, never>;
}

/** Bytes that not everybody may see. */
export interface Secret extends StoredObject {
  /** What it is for; `Opaque` unless given. */
  type?: string;
  /** The bytes in base64. */
  data?: Record<string, string>;
  /** Text to put into `data`; never read back. */
  stringData?: Record<string, string>;
  /** Whether `data` can no longer change. */
  immutable?: boolean;
}

/** Text that everybody may see. */
export interface ConfigMap extends StoredObject {
  /** The text. */
  data?: Record<string, string>;
  /** Bytes in base64. */
  binaryData?: Record<string, string>;
  /** Whether the data can no longer change. */
  immutable?: boolean;
}

/** Which type the objects of a collection have. */
export interface Kinds {
  /** Those who lease. */
  clients: Client;
  /** Devices. */
  exporters: Exporter;
  /** Claims. */
  leases: Lease;
  /** Rules. */
  exporteraccesspolicies: ExporterAccessPolicy;
  /** Tokens and keys. */
  secrets: Secret;
  /** Settings. */
  configmaps: ConfigMap;
}

/** The name of a collection: the plural of its kind, as in a URL. */
export type Plural = keyof Kinds;

/** An object to be created: what the store gives (uid, version, times) may be left out. */
export type Draft<T extends StoredObject> =
  & Omit<T, "apiVersion" | "kind" | "metadata">
  & {
    /** May be left out; must be the kind's otherwise. */
    apiVersion?: string;
    /** May be left out; must be the collection's otherwise. */
    kind?: string;
    /** Namespace and name at least; the name may be left to the store with `generateName`. */
    metadata:
      & Partial<ObjectMeta>
      & Pick<ObjectMeta, "namespace">
      & {
        /** The start of a name that the store makes unique. */
        generateName?: string;
      };
  };
