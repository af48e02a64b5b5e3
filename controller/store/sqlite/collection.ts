import { AlreadyExistsError, BadRequestError, ConflictError, NotFoundError } from "../errors.ts";
import type { KindFacts } from "../kinds.ts";
import { type AnyObject, born, replaced, withStatus } from "../lifecycle.ts";
import { isObject, mergePatch } from "../merge_patch.ts";
import type { Draft, StoredObject } from "../objects.ts";
import type {
  Collection,
  DeleteOptions,
  ListOptions,
  ObjectList,
  ObjectOptions,
  PatchOptions,
  StatusOptions,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "../store.ts";
import { positionOf, tokenOf } from "../page.ts";
import { matches, Watch } from "../watch.ts";
import type { Core } from "./core.ts";

/** Makes the next object of the one that is stored. */
type Next = (old: AnyObject) => AnyObject;

/** One kind of objects in a database. */
export class SqliteCollection<T extends StoredObject> implements Collection<T> {
  readonly #core: Core;
  readonly #kind: KindFacts;

  constructor(core: Core, kind: KindFacts) {
    this.#core = core;
    this.#kind = kind;
  }

  get(namespace: string, name: string): Promise<T> {
    return Promise.try(() => this.#core.read(() => typed<T>(this.#find(namespace, name))));
  }

  list(options: ListOptions<T> = {}): Promise<ObjectList<T>> {
    return Promise.try(() => this.#core.read(() => this.#list(options)));
  }

  async create(draft: Draft<T>, { dryRun, status }: ObjectOptions = {}): Promise<T> {
    const input = structuredClone(draft);
    const created = await this.#core.write(() => {
      const birth = { now: this.#core.now(), uid: crypto.randomUUID() };
      const next = born(this.#kind, input, birth, status);
      const { namespace, name } = next.metadata;
      if (this.#core.rows.get(this.#keyOf(namespace, name)) !== undefined) {
        throw new AlreadyExistsError(this.#kind, name);
      }
      return dryRun === true ? next : this.#core.put(next);
    });
    if (dryRun !== true) await this.#collectGarbage(created);
    return typed<T>(created);
  }

  async update(object: T, options: ObjectOptions = {}): Promise<T> {
    const input = structuredClone(object);
    const next: Next = (old) => replaced(this.#kind, old, input, options.status);
    return await this.#change(object.metadata, next, options);
  }

  async updateStatus(object: T, options: StatusOptions = {}): Promise<T> {
    const input = structuredClone(object);
    const next: Next = (old) => withStatus(this.#kind, old, input, options.metadata);
    return await this.#change(object.metadata, next, options);
  }

  async patch(
    namespace: string,
    name: string,
    patch: unknown,
    options: PatchOptions = {},
  ): Promise<T> {
    const change = options.subresource === "status" ? withStatus : replaced;
    const input = structuredClone(patch);
    if (!isObject(input)) {
      throw new BadRequestError("a merge patch of an object must be an object");
    }
    const next: Next = (old) => change(this.#kind, old, mergePatch(old, input));
    return await this.#change({ namespace, name }, next, options);
  }

  async delete(namespace: string, name: string, options: DeleteOptions = {}): Promise<T> {
    const { propagation, dryRun } = options;
    if (propagation === "orphan" && dryRun !== true) {
      const { uid } = this.#core.read(() => this.#checked(namespace, name, options)).metadata;
      await this.#core.leave(uid, "keep");
    }
    const deleted = await this.#core.write(() => {
      const old = this.#checked(namespace, name, options);
      return dryRun === true ? old : this.#core.remove(old);
    });
    if (dryRun !== true) await this.#core.collectGarbage(deleted);
    return typed<T>(deleted);
  }

  watch(options: WatchOptions<T> = {}): AsyncIterableIterator<WatchEvent<T>> {
    const present = () => this.#list(options).items;
    return this.#core.read(() => new Watch<T>(this.#core, this.#kind.plural, options, present));
  }

  async #change(
    { namespace, name }: { namespace: string; name: string },
    next: Next,
    { dryRun }: WriteOptions,
  ): Promise<T> {
    const changed = await this.#core.write(() => {
      const old = this.#find(namespace, name);
      const object = next(old);
      if (dryRun === true) return object;
      const { deletionTimestamp, finalizers = [] } = object.metadata;
      const isFinished = deletionTimestamp !== undefined && finalizers.length === 0;
      return isFinished ? this.#core.erase(old, object) : this.#core.put(object, old);
    });
    if (dryRun !== true) await this.#collectGarbage(changed);
    return typed<T>(changed);
  }

  /** Most writes leave no garbage: only what has owners, or is going, can be some. */
  async #collectGarbage(object: AnyObject): Promise<void> {
    const { ownerReferences, deletionTimestamp } = object.metadata;
    if (ownerReferences !== undefined || deletionTimestamp !== undefined) {
      await this.#core.collectGarbage(object);
    }
  }

  #keyOf(namespace: string, name: string) {
    return { plural: this.#kind.plural, namespace, name };
  }

  #find(namespace: string, name: string): AnyObject {
    const found = this.#core.rows.get(this.#keyOf(namespace, name));
    if (found === undefined) throw new NotFoundError(this.#kind, name);
    return found;
  }

  #checked(namespace: string, name: string, { preconditions = {} }: DeleteOptions): AnyObject {
    const found = this.#find(namespace, name);
    const { uid, resourceVersion } = found.metadata;
    if (preconditions.uid !== undefined && preconditions.uid !== uid) {
      const why = `the UID in the precondition (${preconditions.uid}) does not match the UID in ` +
        `record (${uid}). The object might have been deleted and then recreated`;
      throw new ConflictError(this.#kind, name, why);
    }
    if (
      preconditions.resourceVersion !== undefined &&
      preconditions.resourceVersion !== resourceVersion
    ) {
      const why =
        `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does ` +
        `not match the ResourceVersion in record (${resourceVersion}). ` +
        "The object might have been modified";
      throw new ConflictError(this.#kind, name, why);
    }
    return found;
  }

  #list(options: ListOptions<T>): ObjectList<T> {
    const { limit = 0, namespace, name, labels } = options;
    const resourceVersion = String(this.#core.history.last);
    if (namespace !== undefined && name !== undefined) {
      const one = this.#core.rows.get(this.#keyOf(namespace, name));
      const items = one === undefined ? [] : [typed<T>(one)];
      return { items: items.filter((item) => matches(options, item)), resourceVersion };
    }
    const items: T[] = [];
    const rows = this.#core.rows.list(this.#kind.plural, namespace, positionOf(options.continue));
    for (const row of rows) {
      // Labels lie apart, so that what they leave out need not be read as a whole.
      if (labels !== undefined && !labels(JSON.parse(row.labels))) continue;
      const object: T = JSON.parse(row.object);
      if (!matches(options, object)) continue;
      const last = items.at(-1)?.metadata;
      if (limit > 0 && items.length === limit && last !== undefined) {
        return { items, resourceVersion, continue: tokenOf(last) };
      }
      items.push(object);
    }
    return { items, resourceVersion };
  }
}

/** Objects of a collection have its type: they were validated when they were stored. */
function typed<T extends StoredObject>(object: AnyObject): T {
  return object as unknown as T;
}
