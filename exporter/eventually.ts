import { setTimeout as delay } from "node:timers/promises";
import { TimeoutError } from "@jumpstarter/lib/errors";
import { unlessAborted } from "@jumpstarter/lib/streams";

/** How long {@linkcode eventually} tries. */
export interface EventuallyOptions {
  /** Milliseconds until it gives up; default 5 000. */
  within?: number;
  /** Milliseconds between two tries; default 50. */
  every?: number;
  /** Gives the wait up. */
  signal?: AbortSignal;
}

/**
 * Calls a function until it neither throws nor gives `false`, and gives what it gave: for what a
 * device does in its own time and tells nobody. The function's signal is aborted when time is up.
 *
 * Fails with `TimeoutError` that says why the last try failed.
 *
 * ```ts
 * import { eventually } from "@jumpstarter/exporter/testing";
 *
 * const start = Date.now();
 * await eventually(() => Date.now() - start > 20, { every: 5 });
 * ```
 */
export async function eventually<T>(
  fn: (signal: AbortSignal) => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  const { within = 5_000, every = 50, signal: outer } = options;
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), within);
  const signal = outer === undefined ? timeUp.signal : AbortSignal.any([outer, timeUp.signal]);
  let last: { error?: unknown } | undefined;
  try {
    for (let tries = 1;; tries++) {
      try {
        const value = await unlessAborted(async () => await fn(signal), signal);
        if (value !== false) return value as Exclude<T, false>;
        last = {};
      } catch (error) {
        if (!signal.aborted) last = { error };
      }
      await delay(every, undefined, { signal }).catch(() => {}); // looked at in the next line
      outer?.throwIfAborted();
      if (signal.aborted) throw timedOut(within, tries, last);
    }
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(
  within: number,
  tries: number,
  last: { error?: unknown } | undefined,
): TimeoutError {
  const count = tries === 1 ? "1 try" : `${tries} tries`;
  if (last === undefined) return new TimeoutError(`the first try takes more than ${within} ms`);
  if (!("error" in last)) return new TimeoutError(`still false after ${within} ms, ${count}`);
  const { error } = last;
  const reason = error instanceof Error ? error.message : String(error);
  return new TimeoutError(`not within ${within} ms, ${count}; the last: ${reason}`, {
    cause: error,
  });
}
