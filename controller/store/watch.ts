import { BadRequestError, ExpiredError } from "./errors.ts";
import type { Change, History } from "./history.ts";
import { freeze } from "./json.ts";
import type { AnyObject } from "./lifecycle.ts";
import type { Plural, StoredObject } from "./objects.ts";
import type { Filter, WatchEvent, WatchOptions } from "./store.ts";

/** Wakes a watch: the change that is of interest is the next after this version. */
type Wake = (revision: number) => void;

/** Where watches wait that have nothing to tell. */
export class Waiting {
  readonly #byKey: Map<string, Set<Wake>> = new Map();

  /** Adds one; it is woken once, by a change of its collection, namespace and name. */
  add(key: string, wake: Wake): void {
    const waiting = this.#byKey.get(key);
    if (waiting === undefined) this.#byKey.set(key, new Set([wake]));
    else waiting.add(wake);
  }

  /** Forgets one. */
  remove(key: string, wake: Wake): void {
    const waiting = this.#byKey.get(key);
    if (waiting?.delete(wake) && waiting.size === 0) this.#byKey.delete(key);
  }

  /** Wakes those who wait for a change. */
  wake({ plural, object: { metadata: { namespace, name } }, revision }: Change): void {
    for (const key of [plural, `${plural}/${namespace}`, `${plural}/${namespace}/${name}`]) {
      this.#wakeAll(key, revision - 1);
    }
  }

  /** Wakes all, when the store closes. */
  close(revision: number): void {
    for (const key of [...this.#byKey.keys()]) this.#wakeAll(key, revision);
  }

  #wakeAll(key: string, revision: number): void {
    const waiting = this.#byKey.get(key);
    this.#byKey.delete(key);
    for (const wake of waiting ?? []) wake(revision);
  }
}

/** What a watch needs of its store. */
export interface Watched {
  /** The changes. */
  readonly history: History;
  /** Where watches wait. */
  readonly waiting: Waiting;
  /** Aborts when the store closes. */
  readonly closed: AbortSignal;
  /** The time between two bookmarks, milliseconds. */
  readonly bookmarkInterval: number;
}

/** Says if an object is meant by a filter. */
export function matches<T extends StoredObject>(filter: Filter<T>, object: T): boolean {
  const { namespace, name, labels = {} } = object.metadata;
  return (filter.namespace === undefined || filter.namespace === namespace) &&
    (filter.name === undefined || filter.name === name) &&
    (filter.labels?.(labels) ?? true) &&
    (filter.fields?.(object) ?? true);
}

/**
 * Tells the changes of one collection. The watch reads the store's history at its own pace, so it
 * keeps nothing but how far it has come: a slow reader falls behind and is told so.
 */
export class Watch<T extends StoredObject> implements AsyncIterableIterator<WatchEvent<T>> {
  readonly #store: Watched;
  readonly #plural: Plural;
  readonly #options: WatchOptions<T>;
  readonly #key: string;
  /** Everything up to this version has been told. */
  #told: number;
  #first: WatchEvent<T>[];
  #bookmarked: number;
  #ended = false;
  #reading: Promise<unknown> = Promise.resolve();
  #wake: Wake | undefined;

  constructor(
    store: Watched,
    plural: Plural,
    options: WatchOptions<T>,
    present: () => readonly T[],
  ) {
    this.#store = store;
    this.#plural = plural;
    this.#options = options;
    const { namespace, name, resourceVersion, bookmarks } = options;
    this.#key = [plural, namespace, namespace === undefined ? undefined : name]
      .filter((part) => part !== undefined).join("/");
    this.#first = [];
    if (resourceVersion === undefined || resourceVersion === "" || resourceVersion === "0") {
      this.#told = store.history.last;
      this.#first = present().map((object) => ({ type: "ADDED", object: freeze(object) }));
      if (bookmarks === true) {
        this.#first.push({ type: "BOOKMARK", resourceVersion: String(this.#told) });
      }
      this.#first.reverse();
    } else {
      if (!/^\d{1,15}$/.test(resourceVersion)) {
        throw new BadRequestError(`resourceVersion: Invalid value: "${resourceVersion}"`);
      }
      this.#told = Number(resourceVersion);
    }
    this.#bookmarked = this.#told;
  }

  /** Waits for the next event. Calls are answered one after the other. */
  next(): Promise<IteratorResult<WatchEvent<T>>> {
    const result = this.#reading.then(() => this.#next());
    this.#reading = result.catch(() => {});
    return result;
  }

  /** Ends the watch; one who waits for an event is told so. */
  return(): Promise<IteratorResult<WatchEvent<T>>> {
    this.#ended = true;
    this.#first = [];
    this.#wake?.(this.#told);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<WatchEvent<T>>> {
    while (!this.#isOver()) {
      const event = this.#first.pop() ?? this.#read();
      if (event !== undefined) return { done: false, value: event };
      const bookmark = await this.#wait();
      if (bookmark !== undefined && !this.#isOver()) return { done: false, value: bookmark };
    }
    this.#ended = true;
    return { done: true, value: undefined };
  }

  #isOver(): boolean {
    return this.#ended || this.#store.closed.aborted || this.#options.signal?.aborted === true;
  }

  /** Reads on in the history; undefined when nothing there is of interest. */
  #read(): WatchEvent<T> | undefined {
    const { floor, last } = this.#store.history;
    if (this.#told < floor || this.#told > last) {
      this.#ended = true;
      throw new ExpiredError(
        this.#told > last
          ? `Too large resource version: ${this.#told}, current: ${last}`
          : `too old resource version: ${this.#told} (${floor})`,
      );
    }
    for (const change of this.#store.history.after(this.#told)) {
      this.#told = change.revision;
      const event = change.plural === this.#plural ? this.#eventOf(change) : undefined;
      if (event !== undefined) return event;
    }
    this.#told = last;
    return undefined;
  }

  #eventOf({ object, before, deleted }: Change): WatchEvent<T> | undefined {
    const was = before !== undefined && matches(this.#options, typed<T>(before));
    const is = !deleted && matches(this.#options, typed<T>(object));
    if (is) return { type: was ? "MODIFIED" : "ADDED", object: typed<T>(object) };
    if (!was) return undefined;
    if (deleted) return { type: "DELETED", object: typed<T>(object) };
    // It ceased to match: what is told is what was known of it, with the version of the change.
    const { resourceVersion } = object.metadata;
    const metadata = Object.freeze({ ...before.metadata, resourceVersion });
    return { type: "DELETED", object: typed<T>(Object.freeze({ ...before, metadata })) };
  }

  /** Waits for a change of interest, or for the time of a bookmark. */
  async #wait(): Promise<WatchEvent<T> | undefined> {
    const { waiting, bookmarkInterval, history } = this.#store;
    const { signal, bookmarks } = this.#options;
    const woken = Promise.withResolvers<{ told: number; isBookmark: boolean }>();
    // Whoever comes first says how far the watch has come at that very moment: up to there nothing
    // was of interest. A change right after it is found when the history is read again.
    const wake: Wake = (told) => woken.resolve({ told, isBookmark: false });
    const abort = () => wake(this.#told);
    this.#wake = wake;
    waiting.add(this.#key, wake);
    signal?.addEventListener("abort", abort);
    const timer = bookmarks === true
      ? setTimeout(() => woken.resolve({ told: history.last, isBookmark: true }), bookmarkInterval)
      : undefined;
    try {
      const { told, isBookmark } = await woken.promise;
      this.#told = told;
      if (!isBookmark || told === this.#bookmarked) return undefined;
      this.#bookmarked = told;
      return { type: "BOOKMARK", resourceVersion: String(told) };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      waiting.remove(this.#key, wake);
      this.#wake = undefined;
    }
  }
}

/** The objects of a collection have its type: they were validated when they were stored. */
function typed<T extends StoredObject>(object: AnyObject): T {
  return object as unknown as T;
}
