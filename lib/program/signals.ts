import { EXIT } from "./failure.ts";

/** How long a command may take to end after a signal, milliseconds. */
const GRACE = 800;
/** The longest that a timer can wait, milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Said for a command whose usual end is a signal. */
const LEFT = "error: left before the end was done; devices may be as they were in use";

/** Signals that end a command. */
const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** What a command that was told to end may still do about it. */
export interface Ending {
  /** Ends with a second signal: what is still to be done shall not be waited for. */
  readonly insisted: AbortSignal;
  /**
   * Asks for another time than the command's grace, milliseconds from now; before a signal, for that
   * much at least should one come.
   */
  postpone(milliseconds: number): void;
}

/**
 * Runs a command that SIGINT, SIGTERM or SIGHUP cancels; one that does not end by itself within its
 * grace is left behind. A second signal insists and starts a new grace, a third one waits for nothing.
 * The status is `cancelled` after a signal; where that is 0, a command that fails at its end, or is left
 * behind, still fails. Signals that it `leaves` are for others: a child on the same terminal, or what the
 * command makes of them; they do nothing here.
 */
export async function cancellable(
  cancelled: number,
  run: (signal: AbortSignal, ending: Ending) => Promise<number>,
  grace: number = GRACE,
  leaves: readonly Deno.Signal[] = [],
): Promise<number> {
  const [told, insisted] = [new AbortController(), new AbortController()];
  const late = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const postpone = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => late.resolve(), Math.min(milliseconds, LONGEST_TIMER));
  };
  const onSignal = () => {
    const first = [told, insisted].find(({ signal }) => !signal.aborted);
    // The time starts before the command hears of it: it may ask for more at once.
    const least = first === told ? asked - performance.now() : 0;
    postpone(first === undefined ? 0 : Math.max(grace, least));
    first?.abort();
  };
  const listeners = SIGNALS.map((signal) =>
    [signal, leaves.includes(signal) ? () => {} : onSignal] as const
  );
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  try {
    const running = run(told.signal, {
      insisted: insisted.signal,
      postpone(milliseconds) {
        if (told.signal.aborted) postpone(milliseconds);
        else asked = performance.now() + milliseconds;
      },
    });
    const leave = () => {
      if (cancelled === EXIT.OK) console.error(LEFT);
      return cancelled || EXIT.FAILURE;
    };
    const status = await Promise.race([running, late.promise.then(leave)]);
    return told.signal.aborted ? cancelled || status : status;
  } catch (error) {
    if (told.signal.aborted) return cancelled;
    throw error;
  } finally {
    clearTimeout(timer);
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  }
}

/** Resolves once a signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
