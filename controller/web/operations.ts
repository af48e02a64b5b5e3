import { formatMetrics, MEDIA_TYPES, type Metric } from "./exposition.ts";
import type { Pages } from "./web_server.ts";

/** What operators look at. */
export interface Operations {
  /** What is measured now. */
  readonly metrics: () => readonly Metric[];
  /** What is not ready, one sentence each: a login would not work. */
  readonly unready: () => Promise<readonly string[]>;
}

/** Metrics, whether the process answers, and whether a login would work now. */
export function operationsPages({ metrics, unready }: Operations): Pages {
  return {
    "/metrics": (headers) => {
      const isOpen = headers.get("accept")?.includes("application/openmetrics-text") ?? false;
      const format = isOpen ? "openmetrics" : "text";
      return { type: MEDIA_TYPES[format], text: formatMetrics(metrics(), format) };
    },
    "/healthz": () => ({ type: "text/plain", text: "ok" }),
    "/readyz": async () => {
      const faults = await unready();
      return faults.length === 0
        ? { type: "text/plain", text: "ok" }
        : { status: 503, type: "text/plain", text: faults.map((fault) => `${fault}\n`).join("") };
    },
  };
}
