import type { Access, Verdict } from "./access.ts";
import { compareApprovals } from "./access.ts";
import { isEnabled, isOnline, isReady } from "./exporter_state.ts";
import { formatGoDuration } from "./go_duration.ts";
import type { Lab } from "./lab.ts";
import type { Approval, Finding } from "./lease_change.ts";
import type { Exporter, Lease } from "./objects.ts";
import { matchesLabels } from "./selector.ts";
import { compareText, selectorText } from "./selector_text.ts";
import { isEmptySelector, readSelector } from "./stored_selector.ts";
import { askedDuration } from "./times.ts";

/** An exporter that a lease may have, by some policy. */
export interface Candidate extends Approval {
  /** The exporter. */
  readonly exporter: Exporter;
  /** Whether it is registered and heard of. */
  readonly isOnline: boolean;
  /** Whether it has cleaned up after its last lease. */
  readonly isReady: boolean;
}

/** Why an exporter that fits the selector is not for a lease. */
export interface Misfit {
  /** The exporter. */
  readonly exporter: Exporter;
  /** Why it is not. */
  readonly reason: "disabled" | "no policy approves the client" | "the lease is too long";
}

/** What there is for a lease: candidates, or why there will never be one. */
export interface Supply {
  /** The exporters it may have, best first. */
  readonly candidates: readonly Candidate[];
  /** The exporters that fit its selector all the same. */
  readonly misfits: readonly Misfit[];
  /** Why the lease is refused; there are no candidates then. */
  readonly refusal?: Finding;
  /** Whether the lease's client is not there, so that no policy can judge it yet. */
  readonly hasNoClient?: boolean;
}

const MAX_DESCRIPTIONS = 4096;

/** Finds the exporters that a lease may have, and says why others are not for it. */
export function findCandidates(lease: Lease, lab: Lab, access: Access): Supply {
  const { clientRef, exporterRef, selector } = lease.spec;
  if (isEmptySelector(selector) && exporterRef === undefined) {
    return refused("Invalid", "InvalidSelector", "the selector is empty and names no exporter");
  }
  const matched = exporterRef === undefined
    ? lab.exporters.matching(readSelector(selector))
    : findPinned(lease, lab);
  if (!Array.isArray(matched)) return matched;
  const isTaken = (exporter: Exporter) => isEnabled(exporter) || exporterRef !== undefined;
  const enabled = matched.filter(isTaken);
  const disabled = matched.filter((exporter) => !isTaken(exporter))
    .map((exporter): Misfit => ({ exporter, reason: "disabled" }));
  if (enabled.length === 0 && disabled.length > 0) {
    const count = disabled.length;
    const message = `${count} matching ${
      count === 1 ? "exporter is" : "exporters are all"
    } disabled`;
    return refused("Unsatisfiable", "AllDisabled", message, disabled);
  }
  const client = lab.clients.get(clientRef.name);
  if (client === undefined && !access.isOpen) {
    return { candidates: [], misfits: disabled, hasNoClient: true };
  }
  const duration = askedDuration(lease.spec);
  const candidates: Candidate[] = [];
  const verdicts: Verdict[] = [];
  const misfits = [...disabled];
  for (const exporter of enabled) {
    const verdict = access.judge(client, exporter, duration);
    const { approval, longest } = verdict;
    if (approval === undefined) {
      verdicts.push(verdict);
      const reason = longest === undefined
        ? "no policy approves the client"
        : "the lease is too long";
      misfits.push({ exporter, reason });
    } else {
      const { priority, spotAccess } = approval;
      const state = { isOnline: isOnline(exporter), isReady: isReady(exporter) };
      candidates.push({ exporter, priority, spotAccess, ...state });
    }
  }
  if (candidates.length === 0) {
    return refused("Unsatisfiable", "NoAccess", noAccess(enabled.length, verdicts), misfits);
  }
  const firm = candidates.filter(({ spotAccess }) => !spotAccess);
  if (firm.length === 0) {
    const message = "the client has only spot access to the matching exporters, " +
      "and spot access is not implemented";
    return refused("Unsatisfiable", "SpotAccess", message, misfits);
  }
  return { candidates: firm.sort(compareCandidates), misfits };
}

/** Orders candidates: without spot access first, then by priority, then by name. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return compareApprovals(a, b) ||
    compareText(a.exporter.metadata.name, b.exporter.metadata.name);
}

/** The exporter that a lease names, or why it cannot have it. */
function findPinned({ spec }: Lease, { exporters }: Lab): Exporter[] | Supply {
  const name = spec.exporterRef?.name ?? "";
  const exporter = exporters.get(name);
  if (exporter === undefined) {
    const message = `the requested exporter ${name} does not exist`;
    return refused("Unsatisfiable", "ExporterNotFound", message);
  }
  if (!matchesLabels(readSelector(spec.selector), exporter.metadata.labels)) {
    const message = `the requested exporter ${name} does not match the selector ${
      selectorText(spec.selector)
    }`;
    return refused("Unsatisfiable", "SelectorMismatch", message);
  }
  if (!isEnabled(exporter) && spec.allowDisabled !== true) {
    const message = `the requested exporter ${name} is disabled; lease it all the same with ` +
      "allowDisabled (--allow-disabled)";
    return refused("Unsatisfiable", "ExporterDisabled", message, [{
      exporter,
      reason: "disabled",
    }]);
  }
  return [exporter];
}

function refused(
  type: Finding["type"],
  reason: string,
  message: string,
  misfits: readonly Misfit[] = [],
): Supply {
  return { candidates: [], misfits, refusal: { type, reason, message } };
}

function noAccess(count: number, verdicts: readonly Verdict[]): string {
  const longest = Math.max(...verdicts.map(({ longest }) => longest ?? 0));
  const descriptions = [...new Set(verdicts.flatMap(({ descriptions }) => descriptions))].join(
    "; ",
  );
  const shown = descriptions.length > MAX_DESCRIPTIONS
    ? `${descriptions.slice(0, MAX_DESCRIPTIONS)}...`
    : descriptions;
  return `there ${
    count === 1 ? "is 1 exporter" : `are ${count} exporters`
  } matching the request, ` +
    "but none of them are approved by any policy" +
    (longest > 0 ? ` for so long; at most ${formatGoDuration(longest)} is` : "") +
    (shown === "" ? "" : `. Matching policies: ${shown}`);
}
