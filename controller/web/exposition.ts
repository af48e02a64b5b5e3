/** What a measured value is about: `{ result: "success" }`. */
export type MetricLabels = Readonly<Record<string, string>>;

/** One value of a metric. */
export interface Sample {
  /** What it is about; none by default. */
  readonly labels?: MetricLabels;
  /** The value. */
  readonly value: number;
  /** A single case that shows what it is made of; in OpenMetrics alone. */
  readonly exemplar?: { readonly labels: MetricLabels; readonly value: number };
  /** What is put behind the name: `_sum` of a histogram. */
  readonly suffix?: string;
}

/** A metric with all of its values. */
export interface Metric {
  /** Its name; that of a counter ends with `_total`. */
  readonly name: string;
  /** What it is, one sentence. */
  readonly help: string;
  /** How it moves. */
  readonly type: "counter" | "gauge" | "histogram";
  /** Its values. */
  readonly samples: readonly Sample[];
}

/** What a scrape can be answered with. */
export type MetricsFormat = "text" | "openmetrics";

/** The media types of the formats. */
export const MEDIA_TYPES: Readonly<Record<MetricsFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/**
 * Writes metrics as Prometheus reads them. A library that knows exemplars keeps them out of the text
 * format only with a second registry, and brings three megabytes.
 *
 * ```ts
 * import { formatMetrics } from "@jumpstarter/controller/web";
 *
 * const up = { name: "up", help: "Whether it is.", type: "gauge", samples: [{ value: 1 }] } as const;
 * console.log(formatMetrics([up], "text")); // # HELP up Whether it is. …
 * ```
 *
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function formatMetrics(metrics: readonly Metric[], format: MetricsFormat): string {
  const isOpen = format === "openmetrics";
  const lines = metrics.flatMap(({ name, help, type, samples }) => {
    const family = isOpen && type === "counter" ? name.replace(/_total$/, "") : name;
    return [
      `# HELP ${family} ${help}`,
      `# TYPE ${family} ${type}`,
      ...samples.map(({ labels = {}, value, exemplar, suffix = "" }) =>
        `${name}${suffix}${labelText(labels)} ${value}` +
        (isOpen && exemplar ? ` # ${labelText(exemplar.labels, true)} ${exemplar.value}` : "")
      ),
    ];
  });
  return [...lines, ...isOpen ? ["# EOF"] : []].join("\n") + "\n";
}

function labelText(labels: MetricLabels, isNeeded = false): string {
  const pairs = Object.entries(labels).map(([name, value]) =>
    `${name}="${value.replace(/[\\"\n]/g, (char) => char === "\n" ? "\\n" : `\\${char}`)}"`
  );
  return pairs.length > 0 || isNeeded ? `{${pairs.join(",")}}` : "";
}
