import type { DatabaseSync } from "node:sqlite";
import { UnavailableError } from "../errors.ts";

/** Marks a file as a store of ours: "JMPC" in ASCII. */
const APPLICATION_ID = 0x4a4d5043;

/** What made each format out of the one before; never changed once released, only added to. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE objects (
    plural    TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name      TEXT NOT NULL,
    uid       TEXT NOT NULL UNIQUE,
    labels    TEXT NOT NULL,
    object    TEXT NOT NULL,
    PRIMARY KEY (plural, namespace, name)
  ) STRICT;
  CREATE TABLE owners (
    owner     TEXT NOT NULL,
    dependent TEXT NOT NULL,
    PRIMARY KEY (owner, dependent)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX owners_by_dependent ON owners (dependent);
  CREATE TABLE revision (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    value INTEGER NOT NULL
  ) STRICT;
  INSERT INTO revision VALUES (1, 1);
  `,
];

/** Brings a database of ours, or an empty one, to the newest format, all or nothing. */
export function migrate(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(`
      PRAGMA application_id = ${APPLICATION_ID};
      CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT;
    `);
    const version = formatOf(database);
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue;
      database.exec(sql);
      database.prepare("INSERT INTO migrations VALUES (?, datetime('now'))").run(index + 1);
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Throws when a database is none of ours, or of a format from after our time. */
export function checkFormat(database: DatabaseSync, path: string): void {
  if (numberOf(database, "PRAGMA application_id") !== APPLICATION_ID) {
    throw new UnavailableError(
      `"${path}" is a SQLite database, but not one of jmp-controller; name another file`,
    );
  }
  const version = formatOf(database);
  if (version <= MIGRATIONS.length) return;
  throw new UnavailableError(
    `"${path}" has format ${version}, and this jmp-controller knows formats up to ` +
      `${MIGRATIONS.length}; use the newer one, or restore a backup from before it`,
  );
}

/** Says if there is nothing in a database yet. */
export function isEmpty(database: DatabaseSync): boolean {
  return numberOf(database, "SELECT count(*) FROM sqlite_schema") === 0;
}

function formatOf(database: DatabaseSync): number {
  return numberOf(database, "SELECT coalesce(max(version), 0) FROM migrations");
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}
