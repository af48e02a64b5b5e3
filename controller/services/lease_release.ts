import type { Lease } from "../store/mod.ts";
import { change } from "./change.ts";
import type { Lab } from "./lab.ts";

/**
 * Marks a lease for release, and waits until it is over. One that is over or marked already is left
 * as it is.
 *
 * @param check throws for a lease that may not be released by whoever asks
 */
export async function release(
  { store: { leases }, settings: { namespace }, scheduler }: Lab,
  name: string,
  check: (lease: Lease) => void,
): Promise<void> {
  const lease = await change(leases, namespace, name, (lease) => {
    check(lease);
    if (lease.status?.ended || lease.spec.release) return lease;
    return leases.update({ ...lease, spec: { ...lease.spec, release: true } });
  });
  await scheduler.settle(lease);
}
