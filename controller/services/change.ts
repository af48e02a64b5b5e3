import { type Collection, ConflictError, type StoredObject } from "../store/mod.ts";

/** How often a change is tried again that another one got ahead of. */
const TRIES = 10;

/**
 * Changes an object: reads it, lets `write` store what becomes of it, and does so again when somebody
 * else was faster.
 */
export async function change<T extends StoredObject>(
  collection: Collection<T>,
  namespace: string,
  name: string,
  write: (object: T) => Promise<T> | T,
): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await write(await collection.get(namespace, name));
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= TRIES) throw error;
    }
  }
}
