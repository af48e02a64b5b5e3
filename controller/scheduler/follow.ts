import {
  type Collection,
  ExpiredError,
  type Filter,
  type StoredObject,
  UnavailableError,
} from "../store/mod.ts";

/** Takes what {@linkcode follow} finds. */
export interface Follower<T extends StoredObject> {
  /** An object is there, or has changed. Objects are frozen. */
  set(object: T): void;
  /** An object is gone. */
  delete(name: string): void;
  /** What was there at the beginning has been told. */
  ready?(): void;
}

/**
 * Tells what is in a collection and every change of it, until the signal is aborted. A reader that
 * fell behind begins anew, and is told what is gone. Rejects when there is no more to follow.
 */
export async function follow<T extends StoredObject>(
  collection: Collection<T>,
  filter: Filter<T>,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set<string>();
  while (!signal.aborted) {
    let found: Set<string> | undefined = new Set();
    try {
      for await (const event of collection.watch({ ...filter, bookmarks: true, signal })) {
        if (event.type !== "BOOKMARK") {
          const { name } = event.object.metadata;
          if (event.type === "DELETED") {
            known.delete(name);
            follower.delete(name);
          } else {
            known.add(name);
            found?.add(name);
            follower.set(event.object);
          }
        } else if (found !== undefined) {
          for (const name of known.difference(found)) {
            known.delete(name);
            follower.delete(name);
          }
          found = undefined;
          follower.ready?.();
        }
      }
      if (!signal.aborted) throw new UnavailableError("the store is closed");
    } catch (error) {
      if (!(error instanceof ExpiredError)) throw error;
    }
  }
}
