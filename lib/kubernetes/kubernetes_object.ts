/** An object as a Kubernetes API shows it. */
export interface KubernetesObject {
  /** The group and version of its kind. */
  readonly apiVersion?: string;
  /** Its kind. */
  readonly kind?: string;
  /** Name, namespace, version, labels. */
  readonly metadata: {
    /** Its name. */
    readonly name: string;
    /** The namespace it is in. */
    readonly namespace?: string;
    /** By which it is found. */
    readonly labels?: Readonly<Record<string, string>>;
    /** When it was made. */
    readonly creationTimestamp?: string;
    /** Which version of it this is. */
    readonly resourceVersion?: string;
    /** Whatever else a server sends. */
    readonly [name: string]: unknown;
  };
  /** What its kind has besides. */
  readonly [name: string]: unknown;
}

/** Objects of a namespace, at one moment. */
export interface ObjectList {
  /** The objects. */
  readonly items: readonly KubernetesObject[];
  /** The version from which on changes can be followed. */
  readonly resourceVersion: string;
}

/** A change of an object, as a server tells it. */
export interface ObjectChange {
  /** What happened to it. */
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** What it is now, or was when it was deleted. */
  readonly object: KubernetesObject;
}
