import { change, type Lease } from "../store/mod.ts";
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
  await change(leases, namespace, name, (lease) => {
    check(lease);
    if (lease.status?.ended) return lease;
    return scheduler.update({ ...lease, spec: { ...lease.spec, release: true } });
  });
}
