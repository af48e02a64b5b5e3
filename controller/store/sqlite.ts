/** The embedded store: one SQLite file, one process. */
import { KINDS } from "./kinds.ts";
import type { HistoryLimits } from "./history.ts";
import type { Kinds, Plural } from "./objects.ts";
import type { Collection, Store } from "./store.ts";
import { SqliteCollection } from "./sqlite/collection.ts";
import { Core } from "./sqlite/core.ts";
import { openDatabase } from "./sqlite/file.ts";

/** What {@linkcode openSqliteStore} takes. */
export interface SqliteOptions {
  /** The clock; the system's unless given. */
  readonly now?: (() => Date) | undefined;
  /** How much is remembered for watches; 4096 changes and 32 MiB unless given. */
  readonly history?: Partial<HistoryLimits> | undefined;
  /** The time between two bookmarks of a watch, milliseconds; a minute unless given. */
  readonly bookmarkInterval?: number | undefined;
}

const HISTORY: HistoryLimits = { changes: 4096, bytes: 32 * 1024 * 1024 };
const BOOKMARK_INTERVAL = 60_000;

/**
 * Opens the store in a file, and creates it when there is none; `:memory:` keeps it in memory. The
 * folder must exist. Beside the file lie its log (`-wal`, `-shm`) and its lock (`.lock`); all of them
 * are the owner's alone.
 *
 * Rejects with {@linkcode UnavailableError} when another process has the file, when it is damaged, or
 * when a newer version wrote it.
 *
 * ```ts
 * import { openSqliteStore } from "@jumpstarter/controller/store";
 *
 * await using store = await openSqliteStore(":memory:");
 * await store.clients.create({ metadata: { namespace: "lab", name: "alice" }, spec: {} });
 * console.log((await store.clients.list()).items.length); // 1
 * ```
 */
export async function openSqliteStore(path: string, options: SqliteOptions = {}): Promise<Store> {
  const file = openDatabase(path);
  let core: Core;
  try {
    core = new Core(path, file, {
      now: options.now ?? (() => new Date()),
      history: { ...HISTORY, ...options.history },
      bookmarkInterval: options.bookmarkInterval ?? BOOKMARK_INTERVAL,
    });
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
  try {
    // A crash may have come between the end of an owner and that of what it owned.
    const missing = core.read(() => core.rows.missingOwners());
    for (const owner of missing) await core.leave(owner, "delete");
  } catch (error) {
    await core.close();
    throw error;
  }
  return new SqliteStore(core);
}

type Collections = { readonly [P in Plural]: Collection<Kinds[P]> };

class SqliteStore implements Store {
  readonly clients: Collection<Kinds["clients"]>;
  readonly exporters: Collection<Kinds["exporters"]>;
  readonly leases: Collection<Kinds["leases"]>;
  readonly exporteraccesspolicies: Collection<Kinds["exporteraccesspolicies"]>;
  readonly secrets: Collection<Kinds["secrets"]>;
  readonly configmaps: Collection<Kinds["configmaps"]>;
  readonly events: Collection<Kinds["events"]>;
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
    this.clients = new SqliteCollection(core, KINDS.clients);
    this.exporters = new SqliteCollection(core, KINDS.exporters);
    this.leases = new SqliteCollection(core, KINDS.leases);
    this.exporteraccesspolicies = new SqliteCollection(core, KINDS.exporteraccesspolicies);
    this.secrets = new SqliteCollection(core, KINDS.secrets);
    this.configmaps = new SqliteCollection(core, KINDS.configmaps);
    this.events = new SqliteCollection(core, KINDS.events);
  }

  collection<P extends Plural>(plural: P): Collection<Kinds[P]> {
    return (this as Collections)[plural];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#core.close();
  }
}
