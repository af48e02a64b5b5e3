import type { Condition, Lease } from "./objects.ts";
import { endIfBegun, parseTime, timesOf } from "./times.ts";

/** Where a lease is on its way. The last four are its ends. */
export type LeaseState =
  | "scheduled"
  | "waiting"
  | "ready"
  | "expired"
  | "released"
  | "unsatisfiable"
  | "invalid";

/** Says where a lease is on its way, by its status and not by what is due. */
export function leaseState(lease: Lease, now: number): LeaseState {
  const { spec, status } = lease;
  if (isTrue(lease, "Invalid")) return "invalid";
  if (isTrue(lease, "Unsatisfiable")) return "unsatisfiable";
  if (status?.ended === true) {
    return conditionOf(lease, "Ready")?.reason === "Expired" ? "expired" : "released";
  }
  if (status?.exporterRef !== undefined) return "ready";
  return (timesOf(spec).begin ?? 0) > now ? "scheduled" : "waiting";
}

/** Whether a lease is not over. */
export function isOpen({ status }: Lease): boolean {
  return status?.ended !== true;
}

/** Whether a lease has an exporter now: it is not over, and one was acquired. */
export function isActive(lease: Lease): boolean {
  return isOpen(lease) && lease.status?.exporterRef !== undefined;
}

/** When a lease that has an exporter ends, in ms since 1970. */
export function expiryOf({ spec, status }: Lease): number {
  return endIfBegun(spec, status?.beginTime === undefined ? 0 : parseTime(status.beginTime));
}

/** A condition of an object, `undefined` when it was never set. */
export function conditionOf(
  object: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): Condition | undefined {
  return object.status?.conditions?.find((condition) => condition.type === type);
}

/** Whether a condition of an object holds. */
export function isTrue(
  object: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): boolean {
  return conditionOf(object, type)?.status === "True";
}
