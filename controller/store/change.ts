import { ConflictError } from "./errors.ts";
import type { StoredObject } from "./objects.ts";
import type { Collection } from "./store.ts";

/** What {@linkcode change} takes. */
export interface ChangeOptions {
  /** How often an object that somebody else changed meanwhile is read anew; 10 unless given. */
  readonly attempts?: number;
}

const ATTEMPTS = 10;

/**
 * Changes an object: reads it, lets `write` store what becomes of it, and does so again when somebody
 * else was faster, so that no change is lost. `write` may return what it got, to leave it as it is.
 *
 * Rejects as `write` does, and with {@linkcode ConflictError} when others are always faster.
 *
 * ```ts
 * import { change, openSqliteStore } from "@jumpstarter/controller/store";
 *
 * await using store = await openSqliteStore(":memory:");
 * await store.clients.create({ metadata: { namespace: "lab", name: "alice" }, spec: {} });
 * await change(store.clients, "lab", "alice", (client) => {
 *   client.spec.username ??= "dex:alice";
 *   return store.clients.update(client);
 * });
 * ```
 */
export async function change<T extends StoredObject>(
  collection: Collection<T>,
  namespace: string,
  name: string,
  write: (object: T) => Promise<T> | T,
  { attempts = ATTEMPTS }: ChangeOptions = {},
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await write(await collection.get(namespace, name));
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= attempts) throw error;
    }
  }
}
