/** What every store is: typed collections of objects, with versions, watches and owners. */
import type {
  Client,
  ConfigMap,
  Draft,
  Exporter,
  ExporterAccessPolicy,
  Kinds,
  LabEvent,
  Lease,
  Plural,
  Secret,
  StoredObject,
} from "./objects.ts";

/** Keeps the objects of a lab. Nothing above knows which store it has. */
export interface Store extends AsyncDisposable {
  /** Those who lease. */
  readonly clients: Collection<Client>;
  /** The devices. */
  readonly exporters: Collection<Exporter>;
  /** The claims. */
  readonly leases: Collection<Lease>;
  /** Who may lease what. */
  readonly exporteraccesspolicies: Collection<ExporterAccessPolicy>;
  /** Tokens and keys. */
  readonly secrets: Collection<Secret>;
  /** Settings. */
  readonly configmaps: Collection<ConfigMap>;
  /** What happened. */
  readonly events: Collection<LabEvent>;
  /** Finds a collection by name, for those who serve all of them alike. */
  collection<P extends Plural>(plural: P): Collection<Kinds[P]>;
}

/** Says which objects are meant; everything that is given must hold. */
export interface Filter<T extends StoredObject> {
  /** Only objects of this namespace. */
  readonly namespace?: string | undefined;
  /** Only the object of this name. */
  readonly name?: string | undefined;
  /** Only objects with labels that this accepts, as a label selector does. */
  readonly labels?: ((labels: Readonly<Record<string, string>>) => boolean) | undefined;
  /** Only objects that this accepts, as a field selector does. */
  readonly fields?: ((object: T) => boolean) | undefined;
}

/** What {@linkcode Collection.list} takes. */
export interface ListOptions<T extends StoredObject> extends Filter<T> {
  /** The most objects to return; all when absent or 0. */
  readonly limit?: number | undefined;
  /** Where the page before ended: its `continue`. */
  readonly continue?: string | undefined;
}

/** Objects in the order of namespace and name. */
export interface ObjectList<T extends StoredObject> {
  /** The objects; they are the caller's to change. */
  readonly items: T[];
  /** Where a watch goes on from, so that nothing is missed and nothing is told twice. */
  readonly resourceVersion: string;
  /** There is more: pass it with the same filter. */
  readonly continue?: string;
}

/** What {@linkcode Collection.watch} takes. */
export interface WatchOptions<T extends StoredObject> extends Filter<T> {
  /** Tell what happened after this version; when absent or `0`, first what is there, as `ADDED`. */
  readonly resourceVersion?: string | undefined;
  /** Also tell, now and then, how far the watch has come. */
  readonly bookmarks?: boolean | undefined;
  /** Ends the watch. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One change. An object that begins or ceases to match the filter is `ADDED` or `DELETED`. Objects
 * are shared between all who watch, and frozen: clone one to change it.
 */
export type WatchEvent<T extends StoredObject> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/** What all writes take. */
export interface WriteOptions {
  /** Only find out whether the write would succeed, and what it would store. */
  readonly dryRun?: boolean | undefined;
}

/** What {@linkcode Collection.create} and {@linkcode Collection.update} take. */
export interface ObjectOptions extends WriteOptions {
  /** Store the status, too: together with the object where the store can, else after it. */
  readonly status?: boolean | undefined;
}

/** What {@linkcode Collection.updateStatus} takes. */
export interface StatusOptions extends WriteOptions {
  /** Replace labels and owners, too: together with the status where the store can, else after it. */
  readonly metadata?: boolean | undefined;
}

/** What {@linkcode Collection.patch} takes. */
export interface PatchOptions extends WriteOptions {
  /** Change the status, and only it. */
  readonly subresource?: "status" | undefined;
}

/** What {@linkcode Collection.delete} takes. */
export interface DeleteOptions extends WriteOptions {
  /** What must be so for the object to be deleted; a conflict otherwise. */
  readonly preconditions?: {
    /** The object is the one with this uid. */
    readonly uid?: string | undefined;
    /** The object did not change since this version. */
    readonly resourceVersion?: string | undefined;
  } | undefined;
  /** What becomes of the objects it owns: deleted too, unless they are orphaned. */
  readonly propagation?: "background" | "foreground" | "orphan" | undefined;
}

/**
 * The objects of one kind. Writes take effect one after the other, in the order of the calls; a write
 * whose promise is kept survives a crash.
 *
 * All methods reject with {@linkcode UnavailableError} when the store fails.
 */
export interface Collection<T extends StoredObject> {
  /** Reads one object; the caller may change what it gets. Rejects with {@linkcode NotFoundError}. */
  get(namespace: string, name: string): Promise<T>;

  /** Reads many objects. Rejects with {@linkcode BadRequestError} when `continue` is not one of ours. */
  list(options?: ListOptions<T>): Promise<ObjectList<T>>;

  /**
   * Stores a new object; a status that is written apart is ignored unless asked for. Rejects with
   * {@linkcode AlreadyExistsError} or {@linkcode InvalidError}.
   */
  create(draft: Draft<T>, options?: ObjectOptions): Promise<T>;

  /**
   * Replaces everything but the status of an object, and that too if asked for, if it still has the
   * version that was read. Rejects with {@linkcode NotFoundError}, {@linkcode ConflictError} or {@linkcode InvalidError}.
   */
  update(object: T, options?: ObjectOptions): Promise<T>;

  /** Replaces the status, and only it unless asked; rejects as {@linkcode update} does. */
  updateStatus(object: T, options?: StatusOptions): Promise<T>;

  /**
   * Applies a JSON merge patch (RFC 7386) to the object as it is. A patch that holds
   * `metadata.resourceVersion` is refused with {@linkcode ConflictError} when that is not the
   * object's. Rejects as {@linkcode update} does.
   */
  patch(namespace: string, name: string, patch: unknown, options?: PatchOptions): Promise<T>;

  /**
   * Deletes an object and, before the promise is kept, what it owns; one with finalizers is only
   * marked. Resolves with what was deleted. Rejects with {@linkcode NotFoundError} or
   * {@linkcode ConflictError}.
   */
  delete(namespace: string, name: string, options?: DeleteOptions): Promise<T>;

  /**
   * Tells every change once, in order. The iteration ends when `signal` aborts or the store closes; it
   * throws {@linkcode ExpiredError} when the version given, or the reader, is too far behind.
   *
   * A reader that does not read costs no memory: it falls behind.
   */
  watch(options?: WatchOptions<T>): AsyncIterableIterator<WatchEvent<T>>;
}
