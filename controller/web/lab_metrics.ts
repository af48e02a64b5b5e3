import { isOnline, leaseState } from "@jumpstarter/lib/lease";
import type { RouterFigures } from "../router/mod.ts";
import type { LabView } from "../scheduler/mod.ts";
import type { Metric, Sample } from "./exposition.ts";

/** What a router has done, by the names of its metrics. */
const ROUTER: readonly [keyof RouterFigures, Metric["type"], string, string][] = [
  ["connections", "gauge", "connections", "Connections to the router."],
  ["waiting", "gauge", "waiting_ends", "Ends of tunnels that wait for their other end."],
  ["tunnels", "gauge", "tunnels", "Tunnels that are open."],
  ["joined", "counter", "tunnels_total", "Tunnels that were opened."],
  ["refused", "counter", "refusals_total", "Calls that the router refused."],
  ["unmet", "counter", "unmet_ends_total", "Ends of tunnels that nobody came to meet."],
  ["cut", "counter", "cuts_total", "Tunnels that were cut with their lease."],
  ["bytes", "counter", "bytes_total", "Bytes carried, both directions, with framing."],
];

/** What a lab is like now: its exporters, its leases. */
export function labMetrics(view: LabView, now: number): readonly Metric[] {
  const { exporters, leases } = view.lab;
  const byStatus = new Map<string, number>();
  let online = 0;
  for (const exporter of exporters.values()) {
    count(byStatus, exporter.status?.exporterStatus || "Unknown");
    if (isOnline(exporter)) online++;
  }
  const byState = new Map<string, number>(
    ["scheduled", "waiting", "ready"].map((state) => [state, 0]),
  );
  let oldest = 0;
  for (const lease of leases) {
    const state = leaseState(lease, now);
    count(byState, state);
    const { creationTimestamp } = lease.metadata;
    if (state !== "waiting" || creationTimestamp === undefined) continue;
    oldest = Math.max(oldest, (now - Date.parse(creationTimestamp)) / 1_000);
  }
  return [
    gauge("jumpstarter_exporters", "Exporters by their status.", samplesOf(byStatus, "status")),
    gauge("jumpstarter_exporters_online", "Exporters that are online.", [{ value: online }]),
    gauge("jumpstarter_leases", "Leases that are not over, by state.", samplesOf(byState, "state")),
    gauge("jumpstarter_lease_longest_wait_seconds", "Age of the lease that waits longest.", [
      { value: oldest },
    ]),
  ];
}

/** What a router does and has done. */
export function routerMetrics(figures: RouterFigures): readonly Metric[] {
  return ROUTER.map(([key, type, name, help]) => ({
    name: `jumpstarter_router_${name}`,
    help,
    type,
    samples: [{ value: figures[key] }],
  }));
}

/** What becomes of a certificate that ends at a time, in ms since 1970. */
export function certificateMetrics(expiry: number): readonly Metric[] {
  const help = "When the certificate that clients and exporters see ends, since 1970.";
  return [gauge("jumpstarter_certificate_expiry_time_seconds", help, [{ value: expiry / 1_000 }])];
}

/** What the process takes. */
export function processMetrics(startedAt: number): readonly Metric[] {
  const { rss } = Deno.memoryUsage();
  return [
    gauge("process_resident_memory_bytes", "Resident memory.", [{ value: rss }]),
    gauge("process_start_time_seconds", "When the process began, since 1970.", [
      { value: startedAt / 1_000 },
    ]),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: "gauge", samples };
}

function samplesOf(counts: ReadonlyMap<string, number>, label: string): Sample[] {
  return [...counts].map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
