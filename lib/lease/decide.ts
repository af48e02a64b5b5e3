import { Access } from "./access.ts";
import type { ChangeKind, DecideOptions, Decision } from "./decision.ts";
import type { Lab } from "./lab.ts";
import { Round } from "./round.ts";

const ORDER: readonly ChangeKind[] = ["ended", "granted", "refused", "recorded", "told"];

/**
 * Decides about the leases of a lab: which end, which get an exporter, which never will, and what
 * those that wait are told. A pure function of the lab and the time; nothing is decided twice:
 * once all changes are stored, the same time brings no more.
 *
 * ```ts
 * import { decide, ExporterIndex } from "@jumpstarter/lib/lease";
 *
 * const lab = { leases: [], exporters: new ExporterIndex(), clients: new Map(), policies: [] };
 * console.log(decide(lab, Date.parse("2026-01-31T12:00:00Z")).changes); // []
 * ```
 */
export function decide(lab: Lab, now: number, options: DecideOptions = {}): Decision {
  const access = new Access(lab.policies);
  const round = new Round(lab, access, now, options);
  for (const lease of lab.leases) round.sort(lease);
  round.serve();
  const changes = round.changes.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const { next, recheck } = round;
  return {
    changes,
    ...next < Infinity && { next },
    ...recheck < Infinity && { recheck },
    faults: access.faults,
  };
}
