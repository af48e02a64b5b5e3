import { BadRequestError, UnavailableError } from "../errors.ts";
import { type Change, History, type HistoryLimits } from "../history.ts";
import { equal, freeze } from "../json.ts";
import { type AnyObject, dying, orphaned } from "../lifecycle.ts";
import { Waiting, type Watched } from "../watch.ts";
import { WriteQueue } from "../write_queue.ts";
import { type DatabaseFile, explained } from "./file.ts";
import { keyOf, knownOwners, Rows } from "./rows.ts";

/** The largest object, as JSON text, bytes. */
const MAX_OBJECT = 2 * 1024 * 1024;
/** How many objects one write takes from an owner. */
const GARBAGE_STEP = 50;

/** What the collections of one database share: rows, the order of writes, the history. */
export class Core implements Watched {
  /** The statements; only for reading outside of {@linkcode write}. */
  readonly rows: Rows;
  readonly history: History;
  readonly waiting: Waiting = new Waiting();
  readonly bookmarkInterval: number;
  readonly #path: string;
  readonly #file: DatabaseFile;
  readonly #queue: WriteQueue;
  readonly #closed: AbortController = new AbortController();
  readonly #now: () => Date;
  /** What the transaction at hand changed so far. */
  #staged: Change[] = [];

  constructor(path: string, file: DatabaseFile, options: CoreOptions) {
    this.#path = path;
    this.#file = file;
    this.#now = options.now;
    this.bookmarkInterval = options.bookmarkInterval;
    const { database } = file;
    this.rows = new Rows(database);
    this.history = new History(this.rows.revision, options.history);
    this.#queue = new WriteQueue({
      changes: () => this.#staged.length,
      begin: () => this.read(() => database.exec("BEGIN IMMEDIATE")),
      commit: () => {
        const last = this.#staged.at(-1);
        this.read(() => {
          if (last !== undefined) this.rows.revision = last.revision;
          database.exec("COMMIT");
        });
        this.#publish();
      },
      rollback: () => {
        this.#staged = [];
        database.exec("ROLLBACK");
      },
    });
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The time as objects have it. */
  now(): string {
    return this.#now().toISOString().replace(/\.\d+Z$/, "Z");
  }

  /** Does something with the rows; what SQLite throws becomes an error that names the file. */
  read<R>(work: () => R): R {
    this.#checkOpen();
    return explained(this.#path, work);
  }

  /** Does a write in its turn; when `work` throws after it changed something, it is undone. */
  async write<R>(work: () => R): Promise<R> {
    this.#checkOpen();
    return await this.#queue.write(() => this.read(work));
  }

  /** Stores an object within a write, unless it is stored just so already. */
  put(object: AnyObject, before?: AnyObject): AnyObject {
    if (before !== undefined && equal(before, object)) return before;
    const { next, json } = this.#stage(object, before, false);
    const owned = !equal(before?.metadata.ownerReferences, next.metadata.ownerReferences);
    this.rows.put(keyOf(next), next, json, owned);
    return JSON.parse(json);
  }

  /** Deletes an object within a write, or marks it when somebody has to finish first. */
  remove(object: AnyObject): AnyObject {
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (finalizers.length === 0) return this.erase(object, object);
    return deletionTimestamp === undefined ? this.put(dying(object, this.now()), object) : object;
  }

  /** Deletes an object within a write, whoever has to finish; `last` is what is told of it. */
  erase(before: AnyObject, last: AnyObject): AnyObject {
    const { json } = this.#stage(last, before, true);
    this.rows.remove(keyOf(before), before.metadata.uid);
    return JSON.parse(json);
  }

  /** Deletes what belongs to nobody any more after a write that returned this object. */
  async collectGarbage(object: AnyObject): Promise<void> {
    const suspects = [object.metadata.uid, ...knownOwners(object)];
    const owners = this.read(() => suspects.filter((uid) => !this.rows.has(uid)));
    for (const owner of owners) await this.leave(owner, "delete");
  }

  /** Takes an owner from all it owns; what has no other owner then is deleted, if asked for. */
  async leave(owner: string, then: "delete" | "keep"): Promise<void> {
    const owners = [owner];
    for (let uid = owners.pop(); uid !== undefined; uid = owners.pop()) {
      const current = uid;
      for (let after: string | undefined = ""; after !== undefined;) {
        const from: string = after;
        const step = await this.write(() => this.#leaveSome(current, from, then));
        owners.push(...step.gone);
        after = step.last;
      }
    }
  }

  /** Finishes what is in hand, and gives the file back. */
  async close(): Promise<void> {
    await this.#queue.drained();
    if (this.closed.aborted) return;
    this.#closed.abort();
    this.waiting.close(this.history.last);
    this.#file[Symbol.dispose]();
  }

  #leaveSome(owner: string, after: string, then: "delete" | "keep"): Step {
    const dependents = this.rows.dependents(owner, after, GARBAGE_STEP);
    const gone: string[] = [];
    for (const { object } of dependents) {
      const { ownerReferences = [], uid } = object.metadata;
      const known = new Set(knownOwners(object));
      const isKept = then === "keep" ||
        ownerReferences.some((one) =>
          one.uid !== owner && (!known.has(one.uid) || this.rows.has(one.uid))
        );
      if (isKept) this.put(orphaned(object, owner), object);
      else if (this.remove(object).metadata.finalizers === undefined) gone.push(uid);
    }
    const isLast = dependents.length < GARBAGE_STEP;
    return { gone, last: isLast ? undefined : dependents.at(-1)?.object.metadata.uid };
  }

  #stage(
    object: AnyObject,
    before: AnyObject | undefined,
    deleted: boolean,
  ): { next: AnyObject; json: string } {
    const revision = (this.#staged.at(-1)?.revision ?? this.history.last) + 1;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const next: AnyObject = freeze({ ...object, metadata });
    const json = JSON.stringify(next);
    if (!deleted && json.length > MAX_OBJECT) {
      throw new BadRequestError(`the object is too large: ${json.length} bytes, of ${MAX_OBJECT}`);
    }
    this.#staged.push({
      revision,
      plural: keyOf(next).plural,
      object: next,
      before: before === undefined ? undefined : freeze(before),
      deleted,
      // The object before takes as much again.
      size: json.length * 2,
    });
    return { next, json };
  }

  #publish(): void {
    const changes = this.#staged;
    this.#staged = [];
    this.history.append(changes);
    for (const change of changes) this.waiting.wake(change);
  }

  #checkOpen(): void {
    if (this.closed.aborted) {
      throw new UnavailableError(`"${this.#path}" is closed: the controller is ending`);
    }
  }
}

/** What a core is made with. */
export interface CoreOptions {
  /** The clock. */
  readonly now: () => Date;
  /** How much is remembered for watches. */
  readonly history: HistoryLimits;
  /** The time between two bookmarks, milliseconds. */
  readonly bookmarkInterval: number;
}

interface Step {
  readonly gone: string[];
  readonly last: string | undefined;
}
