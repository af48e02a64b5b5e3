import { JumpstarterError } from "@jumpstarter/lib/errors";
import type { Collection, Filter, StoredObject } from "../store/mod.ts";
import { follow, type Follower } from "./follow.ts";

/** Follows several collections; without one of them, what the controller knows is no longer true. */
export class Following implements AsyncDisposable {
  readonly #ending = new AbortController();
  readonly #ready: Promise<void>[] = [];
  readonly #all: Promise<void>[] = [];
  readonly #failed = Promise.withResolvers<never>();

  constructor() {
    this.#failed.promise.catch(() => {}); // told to whoever asks
  }

  /** Rejects when a collection can no longer be followed. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Follows one more collection. */
  add<T extends StoredObject>(
    collection: Collection<T>,
    filter: Filter<T>,
    follower: Follower<T>,
  ): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ready.push(promise);
    const told = { ...follower, ready: resolve };
    this.#all.push(
      follow(collection, filter, told, this.#ending.signal).catch((cause) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        this.#failed.reject(
          new JumpstarterError(
            "store",
            `the objects of the lab cannot be followed: ${reason}; start the controller again`,
            { cause },
          ),
        );
      }),
    );
  }

  /** Settles when all that was there at the beginning has been told; ends when that fails. */
  async ready(): Promise<void> {
    try {
      await Promise.race([Promise.all(this.#ready), this.failed]);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#all);
  }
}
