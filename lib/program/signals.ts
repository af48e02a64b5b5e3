/** How long a command may take to end after a signal, milliseconds. */
const GRACE = 800;

/** Signals that end a command. */
const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a command that SIGINT, SIGTERM or SIGHUP cancels; one that does not end by itself soon after
 * is left behind. The status is `cancelled` after a signal.
 */
export async function cancellable(
  cancelled: number,
  run: (signal: AbortSignal) => Promise<number>,
  grace: number = GRACE,
): Promise<number> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = Promise.withResolvers<number>();
  const onSignal = () => {
    controller.abort();
    timer ??= setTimeout(() => late.resolve(cancelled), grace);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  try {
    const status = await Promise.race([run(controller.signal), late.promise]);
    return controller.signal.aborted ? cancelled : status;
  } catch (error) {
    if (controller.signal.aborted) return cancelled;
    throw error;
  } finally {
    clearTimeout(timer);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
  }
}
