/** One thing that happened in a lab. */
export interface AuditEntry {
  /** When, in ms since 1970. */
  readonly time: number;
  /** How bad it is: `info`, `warning`, …; exporters say it in their own words. */
  readonly severity: string;
  /** What happened, without secrets. */
  readonly message: string;
  /** The exporter that it is about; empty for none. */
  readonly exporter: string;
  /** The lease under which it happened; empty for none. */
  readonly lease: string;
  /** Who held that lease; empty for none. */
  readonly client: string;
  /** The driver instance of the exporter that tells it; empty for the controller itself. */
  readonly driver: string;
}

/** An entry that is kept. */
export interface KeptEntry extends AuditEntry {
  /** Its number; they grow. */
  readonly id: number;
}

/** Which entries are asked for. */
export interface AuditQuery {
  /** At most so many, the oldest first. */
  readonly limit: number;
  /** Whether those are the newest ones, not the oldest. */
  readonly isNewest?: boolean;
  /** Only those with a greater number. */
  readonly after: number;
  /** What they have to be about, exactly. */
  readonly fields: Readonly<Partial<Record<AuditField, string>>>;
}

/** What entries can be chosen by. */
export const AUDIT_FIELDS = ["exporter", "lease", "client", "severity"] as const;
/** One of {@linkcode AUDIT_FIELDS}. */
export type AuditField = typeof AUDIT_FIELDS[number];
