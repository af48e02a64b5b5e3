import type { DatabaseSync, StatementSync } from "node:sqlite";
import { kindOf } from "../kinds.ts";
import type { AnyObject } from "../lifecycle.ts";
import type { Plural } from "../objects.ts";

/** What names a row. */
export interface RowKey {
  /** The collection. */
  readonly plural: Plural;
  /** The namespace. */
  readonly namespace: string;
  /** The name. */
  readonly name: string;
}

/** An object as it lies in the database. */
export interface Row {
  /** Its labels, as JSON text. */
  readonly labels: string;
  /** The object, as JSON text. */
  readonly object: string;
}

const AFTER = "(namespace, name) > (?, ?) ORDER BY namespace, name";

const SQL = {
  get: "SELECT object FROM objects WHERE plural = ? AND namespace = ? AND name = ?",
  list: `SELECT labels, object FROM objects WHERE plural = ? AND ${AFTER}`,
  listIn: `SELECT labels, object FROM objects WHERE plural = ? AND namespace = ? AND ${AFTER}`,
  put: `INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (plural, namespace, name)
    DO UPDATE SET labels = excluded.labels, object = excluded.object`,
  remove: "DELETE FROM objects WHERE plural = ? AND namespace = ? AND name = ?",
  has: "SELECT 1 FROM objects WHERE uid = ?",
  addOwner: "INSERT OR IGNORE INTO owners VALUES (?, ?)",
  removeOwners: "DELETE FROM owners WHERE dependent = ?",
  dependents: `SELECT plural, object FROM owners JOIN objects ON uid = dependent
    WHERE owner = ? AND dependent > ? ORDER BY dependent LIMIT ?`,
  missingOwners: `SELECT DISTINCT owner FROM owners LEFT JOIN objects ON uid = owner
    WHERE uid IS NULL`,
  revision: "SELECT value FROM revision",
  setRevision: "UPDATE revision SET value = ?",
} as const;

/** The statements of a store, prepared once. Nothing here begins or ends a transaction. */
export class Rows {
  readonly #statements: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(database: DatabaseSync) {
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared);
  }

  /** Reads one object. */
  get({ plural, namespace, name }: RowKey): AnyObject | undefined {
    const row = this.#statements.get.get(plural, namespace, name);
    return row === undefined ? undefined : JSON.parse(String(row.object));
  }

  /** Reads the objects of a collection in order, after a namespace and name. */
  *list(plural: Plural, namespace: string | undefined, after: [string, string]): Generator<Row> {
    const rows = namespace === undefined
      ? this.#statements.list.iterate(plural, ...after)
      : this.#statements.listIn.iterate(plural, namespace, ...after);
    for (const { labels, object } of rows) yield { labels: String(labels), object: String(object) };
  }

  /** Writes one object, and whose it is. */
  put({ plural, namespace, name }: RowKey, object: AnyObject, json: string, owned: boolean): void {
    const { uid, labels = {} } = object.metadata;
    this.#statements.put.run(plural, namespace, name, uid, JSON.stringify(labels), json);
    if (!owned) return;
    this.#statements.removeOwners.run(uid);
    for (const owner of knownOwners(object)) this.#statements.addOwner.run(owner, uid);
  }

  /** Removes one object. */
  remove({ plural, namespace, name }: RowKey, uid: string): void {
    this.#statements.remove.run(plural, namespace, name);
    this.#statements.removeOwners.run(uid);
  }

  /** Says if there is an object of that uid. */
  has(uid: string): boolean {
    return this.#statements.has.get(uid) !== undefined;
  }

  /** Reads objects that name an owner, in order of their uids, after one of them. */
  dependents(owner: string, after: string, most: number): { plural: Plural; object: AnyObject }[] {
    return this.#statements.dependents.all(owner, after, most).map(({ plural, object }) => ({
      plural: plural as Plural,
      object: JSON.parse(String(object)),
    }));
  }

  /** Names owners that are gone while objects still name them. */
  missingOwners(): string[] {
    return this.#statements.missingOwners.all().map(({ owner }) => String(owner));
  }

  /** The version of the last change. */
  get revision(): number {
    return Number(this.#statements.revision.get()?.value);
  }

  set revision(value: number) {
    this.#statements.setRevision.run(value);
  }
}

/** The uids of an object's owners of which the store can tell whether they live. */
export function knownOwners({ metadata: { ownerReferences = [] } }: AnyObject): string[] {
  return ownerReferences
    .filter(({ apiVersion, kind }) => kindOf(apiVersion, kind) !== undefined)
    .map(({ uid }) => uid);
}

/** Finds where an object lies. */
export function keyOf({ apiVersion, kind, metadata }: AnyObject): RowKey {
  const facts = kindOf(apiVersion, kind);
  if (facts === undefined) throw new TypeError(`no collection keeps ${apiVersion} ${kind}`);
  return { plural: facts.plural, namespace: metadata.namespace, name: metadata.name };
}
