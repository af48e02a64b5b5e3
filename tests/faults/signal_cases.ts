import { until } from "../support/running.ts";
import { device, DirectExporter, type ExporterOptions, SOON } from "./exporter.ts";

/** A moment in the life of an exporter, in which a signal comes. */
interface Phase {
  readonly name: string;
  readonly options?: ExporterOptions;
  /** Resolves once the exporter is there. */
  readonly reach: (exporter: DirectExporter) => Promise<unknown>;
  /** Something of a client's that goes on meanwhile. */
  readonly use?: (exporter: DirectExporter) => Promise<AsyncDisposable>;
}

/** A phase, and the signals that end it. */
export interface SignalCase {
  readonly name: string;
  /** Is among the tests that are always run. */
  readonly isQuick?: true;
  readonly phase: Phase;
  readonly signals: readonly Deno.Signal[];
  /** What it exits with. */
  readonly status: number;
}

/** Says what it is at, and goes on for long. */
const long = { script: "echo hook is at it; sleep 60", timeout: 60 };
/** The same, and does not listen. */
const deaf = {
  script: "trap '' TERM HUP INT; echo hook is at it; while :; do sleep 60; done",
  timeout: 60,
};

const inHook = (exporter: DirectExporter) => exporter.program.shown(/hook is at it/);

const phases: Record<string, Phase> = {
  starting: {
    name: "while it starts",
    options: { entries: { device: { type: device, config: { at: "reset", fault: "hangs" } } } },
    reach: (exporter) => exporter.program.shown(/^at reset$/m),
  },
  before: {
    name: "in its beforeLease hook",
    options: { hooks: { beforeLease: long } },
    reach: inHook,
  },
  deafBefore: {
    name: "in a beforeLease hook that ignores signals",
    options: { hooks: { beforeLease: deaf } },
    reach: inHook,
  },
  ready: {
    name: "when it is ready",
    reach: (exporter) => exporter.program.shown(/^JUMPSTARTER_HOST=/m),
  },
  inUse: {
    name: "in a call, a streaming call and a byte stream",
    options: { entries: { device: { type: device } } },
    reach: (exporter) => exporter.program.shown(/^JUMPSTARTER_HOST=/m),
    async use(exporter) {
      const board = await exporter.connect();
      const client = board.child("device");
      const stream = await client.stream();
      const items = client.streamingCall("count");
      await items.next();
      const over = [client.call("wait", 60_000), stream.read(), items.next()];
      for (const each of over) each.catch(() => {}); // each is looked at when it is over
      await until(
        "the device is in use",
        async () => (await client.call("held") as string[]).length === 3,
      );
      return {
        async [Symbol.asyncDispose]() {
          await Promise.allSettled(over);
          await board[Symbol.asyncDispose]();
        },
      };
    },
  },
  after: {
    name: "in its afterLease hook",
    options: { hooks: { afterLease: long } },
    async reach(exporter) {
      await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
      exporter.program.kill("SIGTERM");
      await inHook(exporter);
    },
  },
  deafAfter: {
    name: "in an afterLease hook that ignores signals",
    options: { hooks: { afterLease: deaf } },
    async reach(exporter) {
      await exporter.program.shown(/^JUMPSTARTER_HOST=/m);
      exporter.program.kill("SIGTERM");
      await inHook(exporter);
    },
  },
};

const phaseOf = (phase: string, signals: Deno.Signal[]) => ({
  name: `${signals.join(", ")} ${phases[phase]!.name}`,
  phase: phases[phase]!,
  signals,
  status: 0,
});
const quick = (phase: string, ...signals: Deno.Signal[]): SignalCase => ({
  ...phaseOf(phase, signals),
  isQuick: true,
});
const slow = (phase: string, ...signals: Deno.Signal[]): SignalCase => phaseOf(phase, signals);
/** One that is left before its end is done: that is no success. */
const left = (row: SignalCase): SignalCase => ({ ...row, status: 1 });

/** Every signal in every phase, and Ctrl-C again and again. */
export const signalCases: readonly SignalCase[] = [
  slow("starting", "SIGTERM"),
  quick("starting", "SIGINT"),
  slow("starting", "SIGHUP"),
  quick("before", "SIGTERM"),
  slow("before", "SIGINT"),
  slow("before", "SIGHUP"),
  slow("ready", "SIGTERM"),
  slow("ready", "SIGINT"),
  slow("ready", "SIGHUP"),
  slow("inUse", "SIGTERM"),
  slow("inUse", "SIGINT"),
  quick("inUse", "SIGHUP"),
  slow("after", "SIGTERM"),
  quick("after", "SIGINT"),
  slow("after", "SIGHUP"),
  slow("deafBefore", "SIGINT"),
  slow("deafBefore", "SIGINT", "SIGINT"),
  left(slow("deafBefore", "SIGINT", "SIGINT", "SIGINT")),
  slow("deafAfter", "SIGINT"),
  // One more has brought it there.
  left(quick("deafAfter", "SIGINT", "SIGINT")),
  slow("starting", "SIGINT", "SIGINT", "SIGINT"),
  left(slow("inUse", "SIGINT", "SIGINT", "SIGINT")),
];

/** Fails unless the exporter ends as it should, soon, and leaves nothing. */
export async function ends({ phase, signals, status }: SignalCase): Promise<void> {
  await using exporter = await DirectExporter.start(phase.options);
  await phase.reach(exporter);
  const inUse = await phase.use?.(exporter);
  for (const signal of signals) {
    exporter.program.kill(signal);
    // Signals that come at once are one; no event tells that one was taken.
    if (signals.length > 1) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // A hook has 5 s to end after SIGTERM.
  await exporter.assertEnds(status, { time: 5_000 + SOON });
  await inUse?.[Symbol.asyncDispose]();
}
