import type { Logger } from "@jumpstarter/lib/driver";

/**
 * Logs what drivers let fail unheard, a promise that nobody waits for or a timer's callback: it would
 * end the process, and every session with it.
 */
export function logStrays(log: Logger): Disposable {
  const stop = new AbortController();
  const tell = (event: Event, reason: unknown) => {
    event.preventDefault();
    const text = reason instanceof Error ? reason.stack ?? reason.message : String(reason);
    log.error(`a driver has let this fail unheard: ${text}`);
  };
  const { signal } = stop;
  addEventListener("unhandledrejection", (event) => tell(event, event.reason), { signal });
  addEventListener("error", (event) => tell(event, event.error), { signal });
  return { [Symbol.dispose]: () => stop.abort() };
}
