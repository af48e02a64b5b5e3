import { DatabaseSync } from "node:sqlite";
import { ConfigError } from "@jumpstarter/lib/errors";
import { Topics } from "../scheduler/mod.ts";
import { AUDIT_FIELDS, type AuditEntry, type AuditQuery, type KeptEntry } from "./audit_entry.ts";

/** How much is kept. */
export interface AuditLimits {
  /** Entries; the oldest go first. */
  readonly entries: number;
  /** Entries that wait to be written; more are dropped, and counted. */
  readonly waiting: number;
  /** How long entries wait to be written together, ms. */
  readonly delay: number;
}

const LIMITS: AuditLimits = { entries: 100_000, waiting: 10_000, delay: 200 };
/** What a text of an entry may have, characters. */
const MAX_MESSAGE = 4_096;
const MAX_WORD = 253;
const MODE = 0o600;
/** Entries that are read at a time for one who follows them. */
const PAGE = 500;
/** What those who follow wait for. */
const KEPT = "kept";
const COLUMNS = ["time", "severity", "message", "exporter", "lease", "client", "driver"] as const;

/**
 * What happened in a lab, kept in a file of its own: a flood of entries keeps no lease waiting. They are
 * written a few at a time; a crash loses those of the last moment.
 */
export class AuditLog implements Disposable {
  readonly #database: DatabaseSync;
  readonly #limits: AuditLimits;
  readonly #now: () => number;
  readonly #news = new Topics();
  #waiting: AuditEntry[] = [];
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #written = 0;

  private constructor(database: DatabaseSync, limits: AuditLimits, now: () => number) {
    this.#database = database;
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Opens the file, and makes it when there is none.
   *
   * @throws {ConfigError} when it cannot be used
   */
  static open(
    path: string,
    limits: Partial<AuditLimits> = {},
    now: () => number = Date.now,
  ): AuditLog {
    try {
      if (path !== ":memory:") {
        Deno.openSync(path, { write: true, create: true, mode: MODE }).close();
      }
      const database = new DatabaseSync(path);
      database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS audit (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          time INTEGER NOT NULL,
          severity TEXT NOT NULL,
          message TEXT NOT NULL,
          exporter TEXT NOT NULL,
          lease TEXT NOT NULL,
          client TEXT NOT NULL,
          driver TEXT NOT NULL
        ) STRICT;
      `);
      return new AuditLog(database, { ...LIMITS, ...limits }, now);
    } catch (cause) {
      throw new ConfigError(
        `${path} cannot be used: ${(cause as Error).message}; remove it, and audit begins anew`,
        { cause },
      );
    }
  }

  /** Takes an entry; it is written with others in a moment. */
  add(entry: Partial<AuditEntry> & Pick<AuditEntry, "severity" | "message">): void {
    if (this.#waiting.length >= this.#limits.waiting) return void this.#dropped++;
    this.#waiting.push({
      time: entry.time ?? this.#now(),
      severity: cut(entry.severity, MAX_WORD),
      message: cut(entry.message, MAX_MESSAGE),
      exporter: cut(entry.exporter ?? "", MAX_WORD),
      lease: cut(entry.lease ?? "", MAX_WORD),
      client: cut(entry.client ?? "", MAX_WORD),
      driver: cut(entry.driver ?? "", MAX_WORD),
    });
    this.#timer ??= setTimeout(() => this.#flushSoon(), this.#limits.delay);
  }

  /** Entries that are kept, those that wait included; the oldest first. */
  list({ limit, after, fields, isNewest = false }: AuditQuery): KeptEntry[] {
    this.flush();
    const asked = AUDIT_FIELDS.filter((field) => fields[field] !== undefined);
    const where = ["id > ?", ...asked.map((field) => `${field} = ?`)].join(" AND ");
    const order = isNewest ? "DESC" : "ASC";
    const found = this.#database
      .prepare(`SELECT id, ${COLUMNS} FROM audit WHERE ${where} ORDER BY id ${order} LIMIT ?`)
      .all(after, ...asked.map((field) => fields[field]!), limit) as unknown as KeptEntry[];
    return isNewest ? found.reverse() : found;
  }

  /** Entries after one, the oldest first, and those that are kept from then on, until the signal. */
  async *follow(
    { after, fields }: Pick<AuditQuery, "after" | "fields">,
    signal: AbortSignal,
  ): AsyncGenerator<KeptEntry> {
    using news = this.#news.follow(KEPT);
    this.flush();
    after = Math.min(after, this.#lastId()); // numbers begin anew with the file
    while (!signal.aborted) {
      const page = this.list({ limit: PAGE, after, fields });
      const isAll = page.length < PAGE;
      after = isAll ? this.#lastId() : page.at(-1)!.id;
      yield* page;
      if (isAll) await news.next(signal);
    }
  }

  #lastId(): number {
    const { id } = this.#database.prepare("SELECT max(id) AS id FROM audit").get()!;
    return Number(id ?? 0);
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    if (this.#dropped > 0) {
      const message = `${this.#dropped} entries could not be kept, and are not here`;
      entries.push({ ...EMPTY, time: this.#now(), severity: "warning", message });
      this.#dropped = 0;
    }
    const insert = this.#database.prepare(
      `INSERT INTO audit (${COLUMNS}) VALUES (${COLUMNS.map(() => "?")})`,
    );
    try {
      this.#database.exec("BEGIN");
      for (const entry of entries) insert.run(...COLUMNS.map((column) => entry[column]));
      this.#written += entries.length;
      this.#forget();
      this.#database.exec("COMMIT");
      this.#news.tell(KEPT);
    } catch (error) {
      this.#dropped += entries.length;
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** A disk that is full loses entries, and nothing else. */
  #flushSoon(): void {
    try {
      this.flush();
    } catch {
      // They are counted; the next entry that can be kept says how many.
    }
  }

  /** Writes what waits, and closes the file. */
  [Symbol.dispose](): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  /** Deletes the oldest entries once in a while. */
  #forget(): void {
    const { entries } = this.#limits;
    if (this.#written < entries / 100) return;
    this.#written = 0;
    this.#database
      .prepare("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ?").run(entries);
  }
}

const EMPTY = { exporter: "", lease: "", client: "", driver: "" };

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
