import { ConflictError } from "./errors.ts";
import type { StoredObject } from "./objects.ts";
import type { Collection } from "./store.ts";

/** What {@linkcode change} takes. */
export interface ChangeOptions {
  /** Change the status, and only it. */
  readonly subresource?: "status" | undefined;
  /** How often an object that somebody else changed meanwhile is read anew; 10 unless given. */
  readonly attempts?: number | undefined;
}

const ATTEMPTS = 10;

/**
 * Reads an object, decides, and writes it back; decides anew when somebody else was faster, so that
 * no change is lost. `decide` may change what it gets, and returns what is to be stored, or undefined
 * to leave the object as it is.
 *
 * Rejects with {@linkcode ConflictError} when others are always faster.
 *
 * ```ts
 * import { change, openSqliteStore } from "@jumpstarter/controller/store";
 *
 * await using store = await openSqliteStore(":memory:");
 * await store.clients.create({ metadata: { namespace: "lab", name: "alice" }, spec: {} });
 * await change(store.clients, "lab", "alice", (client) => {
 *   client.spec.username ??= "dex:alice";
 *   return client;
 * });
 * ```
 */
export async function change<T extends StoredObject>(
  collection: Collection<T>,
  namespace: string,
  name: string,
  decide: (object: T) => T | undefined | Promise<T | undefined>,
  { subresource, attempts = ATTEMPTS }: ChangeOptions = {},
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    const read = await collection.get(namespace, name);
    const next = await decide(structuredClone(read));
    if (next === undefined) return read;
    try {
      return await (subresource === "status"
        ? collection.updateStatus(next)
        : collection.update(next));
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= attempts) throw error;
    }
  }
}
