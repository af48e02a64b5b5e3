import type { Lease } from "./objects.ts";

/** What becomes of a lease; the more urgent kinds come first. */
export type ChangeKind = "ended" | "granted" | "refused" | "recorded" | "told";

/** One lease that changes. */
export interface Change {
  /** What becomes of it. A lease that ends as soon as it gets its exporter is `ended`. */
  readonly kind: ChangeKind;
  /** The lease as it was decided on. */
  readonly before: Lease;
  /** The lease as it is to be stored: status, labels and owners differ, never the spec. */
  readonly after: Lease;
}

/** What is to be done about the leases of a lab. */
export interface Decision {
  /**
   * The changes, to be stored in this order: a grant may need the end of another lease. When one
   * cannot be stored because the lease has changed, the rest is void; decide again.
   */
  readonly changes: readonly Change[];
  /** When time alone changes something, in ms since 1970; `undefined` when it never does. */
  readonly next?: number;
  /** When to decide again in case a change of the lab went unnoticed, in ms since 1970. */
  readonly recheck?: number;
  /** What is wrong with policies, one sentence each. */
  readonly faults: readonly string[];
}

/** How decisions are made. */
export interface DecideOptions {
  /** How long before its begin a scheduled lease keeps an exporter, in ms; 5 minutes. */
  readonly hold?: number;
  /** How long priorities may hold a lease back, in ms; an hour. */
  readonly patience?: number;
}
