/** Who calls: a client or an exporter, as the store knows it. */

/** What `jumpstarter-kind` says; the case counts. */
export type PrincipalKind = "Client" | "Exporter";

/** As much of a Client or an Exporter as authorization looks at. */
export interface Principal {
  /** Which object it is. */
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** What an administrator says. */
  readonly spec?: {
    /** The name with an external issuer. */
    readonly username?: string;
  };
}

/** Set on objects that came from another cluster, so that the tokens from there keep working. */
const MIGRATED_NAMESPACE = "jumpstarter.dev/migrated-namespace";
const MIGRATED_UID = "jumpstarter.dev/migrated-uid";

/** The subject of tokens we sign for an object: `client:NAMESPACE:NAME:UID`. */
export function subjectOf(kind: PrincipalKind, { metadata }: Principal): string {
  const { namespace, name, uid, annotations = {} } = metadata;
  return [
    kind.toLowerCase(),
    annotations[MIGRATED_NAMESPACE] || namespace,
    name,
    annotations[MIGRATED_UID] || uid,
  ].join(":");
}

/** Whether a caller with this username may act as the object. */
export function isUserOf(
  username: string,
  kind: PrincipalKind,
  object: Principal,
  internalPrefix: string,
): boolean {
  return username === internalPrefix + subjectOf(kind, object) ||
    (username !== "" && username === object.spec?.username);
}
