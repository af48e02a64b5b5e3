import { type Change, conditionOf, isTrue } from "@jumpstarter/lib/lease";
import type { Metric, MetricLabels } from "./exposition.ts";

/** How many characters the labels of an exemplar may have in all, by the standard. */
const BUDGET = 128;
/** Upper bounds of the histogram of waits, seconds. */
const BOUNDS = [0.01, 0.1, 1, 10, 60, 600, 3_600];

type Result = "success" | "failure";

/** Counts how leases get their exporters, and how long that takes. */
export class Acquisitions {
  readonly #results: Record<Result, { count: number; last?: MetricLabels }> = {
    success: { count: 0 },
    failure: { count: 0 },
  };
  readonly #waits = BOUNDS.map(() => 0);
  #waited = 0;

  /** Takes a change of a lease that was stored. */
  count({ before, after }: Change): void {
    const isGranted = before.status?.exporterRef === undefined &&
      after.status?.exporterRef !== undefined;
    const isRefused = !isTrue(before, "Unsatisfiable") && isTrue(after, "Unsatisfiable");
    if (!isGranted && !isRefused) return;
    const { metadata: { name, creationTimestamp }, spec: { clientRef } } = after;
    const result = this.#results[isGranted ? "success" : "failure"];
    result.count++;
    result.last = exemplar({ client: clientRef.name, lease_id: name });
    if (!isGranted || creationTimestamp === undefined) return;
    const since = conditionOf(after, "Ready")?.lastTransitionTime ?? creationTimestamp;
    const waited = Math.max(0, (Date.parse(since) - Date.parse(creationTimestamp)) / 1_000);
    this.#waited += waited;
    for (const [index, bound] of BOUNDS.entries()) if (waited <= bound) this.#waits[index]!++;
  }

  /** What was counted. */
  get metrics(): readonly Metric[] {
    const { count } = this.#results.success;
    return [
      {
        name: "jumpstarter_lease_acquisitions_total",
        help: "Leases that got an exporter, and leases that can get none.",
        type: "counter",
        samples: Object.entries(this.#results).map(([result, { count, last }]) => ({
          labels: { result },
          value: count,
          ...(last && { exemplar: { labels: last, value: 1 } }),
        })),
      },
      {
        name: "jumpstarter_lease_wait_seconds",
        help: "Time from the creation of a lease until it got its exporter, in whole seconds.",
        type: "histogram",
        samples: [
          ...BOUNDS.map((bound, index) => ({
            suffix: "_bucket",
            labels: { le: `${bound}` },
            value: this.#waits[index]!,
          })),
          { suffix: "_bucket", labels: { le: "+Inf" }, value: count },
          { suffix: "_sum", value: this.#waited },
          { suffix: "_count", value: count },
        ],
      },
    ];
  }
}

/** Labels within what an exemplar may have: a value that is too long is cut, or left out. */
function exemplar(labels: MetricLabels): MetricLabels {
  let left = BUDGET;
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(labels)) {
    left -= name.length;
    const cut = Array.from(value).slice(0, Math.max(left, 0)).join("");
    if (cut === "") break;
    left -= Array.from(cut).length;
    kept.push([name, cut]);
  }
  return Object.fromEntries(kept);
}
