const STEPS = [1, 2, 4, 8, 16].map((seconds) => seconds * 1000);
const LONGEST = 30_000;

/**
 * How long until a lease that waits is looked at again, though nothing is known to have happened,
 * in ms: a safety net for changes that went unnoticed.
 *
 * @param waited how long the lease has been pending, in ms; `undefined` before it is
 */
export function retryDelay(waited: number | undefined): number {
  return STEPS.find((step) => step >= (waited ?? 0)) ?? LONGEST;
}
