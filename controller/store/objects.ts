/** The shapes of the objects a store keeps: those of the CRDs, and of Secrets, ConfigMaps, Events. */
import type * as lease from "@jumpstarter/lib/lease";

export type {
  AccessRule,
  Condition,
  LabelSelector,
  NameRef as ObjectReference,
  OwnerReference,
  StoredDevice as Device,
  StoredExporterStatus as ExporterStatus,
  StoredRequirement as SelectorRequirement,
} from "@jumpstarter/lib/lease";

/** What every object has. Times are RFC 3339 text of whole seconds, in UTC. */
export interface ObjectMeta extends lease.ObjectMeta {
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
  /** Those who have something to do before the object goes. */
  finalizers?: string[];
  /** Which manager set which field; kept as given. */
  managedFields?: unknown[];
}

/** What a store keeps: any object of any kind. */
export interface StoredObject extends lease.StoredObject {
  /** Name, version, labels, owners. */
  metadata: ObjectMeta;
}

/** An object that a store has given all it gives. */
export type Stored<T extends lease.StoredObject> = Omit<T, "metadata"> & StoredObject;

/** One who leases exporters. */
export type Client = Stored<lease.Client>;
/** A device under test that can be leased. */
export type Exporter = Stored<lease.Exporter>;
/** A client's claim on an exporter. */
export type Lease = Stored<lease.Lease>;
/** Says which clients may lease which exporters. */
export type ExporterAccessPolicy = Stored<lease.ExporterAccessPolicy>;

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

/** Something that happened to an object, as Kubernetes tells it. */
export interface LabEvent extends StoredObject {
  /** What it happened to. */
  involvedObject: {
    /** The version of its shape. */
    apiVersion?: string;
    /** Its kind. */
    kind?: string;
    /** Its namespace. */
    namespace?: string;
    /** Its name. */
    name?: string;
    /** Its uid. */
    uid?: string;
  };
  /** `Normal` or `Warning`. */
  type?: string;
  /** One word for programs. */
  reason?: string;
  /** A sentence for people. */
  message?: string;
  /** Who tells it. */
  source?: {
    /** The part of a program. */
    component?: string;
  };
  /** When it happened first. */
  firstTimestamp?: string;
  /** When it happened last. */
  lastTimestamp?: string;
  /** How often it happened. */
  count?: number;
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
  /** What happened. */
  events: LabEvent;
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
