import { isTrue } from "./lease_state.ts";
import type { Exporter, StoredExporterStatus } from "./objects.ts";

/** Statuses in which an exporter takes a new lease; old exporters never report any. */
const READY: readonly (StoredExporterStatus | undefined)[] = [
  "Available",
  "Unspecified",
  undefined,
];

/** Whether new leases may get an exporter. */
export function isEnabled({ spec }: Exporter): boolean {
  return spec?.enabled !== false;
}

/** Whether an exporter is registered and heard of. */
export function isOnline(exporter: Exporter): boolean {
  return isTrue(exporter, "Registered") && isTrue(exporter, "Online");
}

/** Whether an exporter has cleaned up after its last lease. */
export function isReady({ status }: Exporter): boolean {
  return READY.includes(status?.exporterStatus || undefined);
}
