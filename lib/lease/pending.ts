import type { Waiter } from "./assignment.ts";
import type { Candidate, Supply } from "./candidates.ts";
import type { Finding } from "./lease_change.ts";
import type { Lease } from "./objects.ts";

/**
 * Says why leases wait that could not be served.
 *
 * @param supply what there is for them
 * @param holders the leases that exporters serve, by the exporters' names
 * @param holds the leases that exporters are kept for, by the exporters' names
 */
export function reasonToWait(
  { candidates, hasNoClient }: Supply,
  holders: ReadonlyMap<string, Lease>,
  holds: ReadonlyMap<string, Waiter>,
): Finding {
  if (hasNoClient) {
    return pending("NotAvailable", "the client does not exist, and policies approve only clients");
  }
  const online = candidates.filter(({ isOnline }) => isOnline);
  if (online.length === 0) {
    return pending("Offline", `${thereAre(candidates)}, but none of them are online`);
  }
  const unleased = online.filter(({ exporter }) => !holders.has(exporter.metadata.name));
  if (unleased.length === 0) {
    return pending("NotAvailable", `${thereAre(online)}, but all of them are already leased`);
  }
  const ready = unleased.find(({ isReady }) => isReady)?.exporter.metadata.name;
  if (ready === undefined) {
    const cause = unleased.every(hasFailed)
      ? "a hook failed on each of them"
      : "still cleaning up previous lease";
    return pending("NotReady", `${thereAre(unleased)}, but none are ready (${cause})`);
  }
  const next = holds.get(ready)?.lease;
  return pending(
    "NotAvailable",
    `exporter ${ready} is kept for lease ${next?.metadata.name}, which begins at ${next?.spec.beginTime}`,
  );
}

function pending(reason: string, message: string): Finding {
  return { type: "Pending", reason, message };
}

function thereAre({ length }: readonly Candidate[]): string {
  return length === 1 ? "there is 1 approved exporter" : `there are ${length} approved exporters`;
}

function hasFailed({ exporter }: Candidate): boolean {
  return exporter.status?.exporterStatus?.endsWith("Failed") === true;
}
