import * as assert from "node:assert/strict";
import type { Change } from "@jumpstarter/lib/lease";
import { Acquisitions, formatMetrics } from "./mod.ts";

/** A lease of a client that gets its exporter. */
function granted(client: string, name: string): Change {
  const before = {
    metadata: { namespace: "lab", name, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { clientRef: { name: client }, duration: "1h" },
  };
  const status = {
    exporterRef: { name: "e1" },
    conditions: [{
      type: "Ready",
      status: "True",
      reason: "Ready",
      message: "",
      observedGeneration: 1,
      lastTransitionTime: "2026-01-01T00:00:05Z",
    }],
  };
  return { kind: "granted", before, after: { ...before, status } } as Change;
}

Deno.test("the labels of an exemplar stay within what the standard allows [controller 120]", () => {
  const cases: [client: string, lease: string, kept: string][] = [
    ["c", "l", '{client="c",lease_id="l"}'],
    ["c".repeat(100), "l".repeat(50), `{client="${"c".repeat(100)}",lease_id="${"l".repeat(14)}"}`],
    ["😀".repeat(200), "l", `{client="${"😀".repeat(122)}"}`],
  ];
  for (const [client, lease, kept] of cases) {
    const acquisitions = new Acquisitions();
    acquisitions.count(granted(client, lease));
    const text = formatMetrics(acquisitions.metrics, "openmetrics");
    assert.ok(text.includes(`{result="success"} 1 # ${kept} 1\n`), text);
  }
});

Deno.test("a wait is counted in every bucket that it fits", () => {
  const acquisitions = new Acquisitions();
  acquisitions.count(granted("c", "l"));
  const text = formatMetrics(acquisitions.metrics, "text");
  assert.match(text, /_bucket\{le="1"\} 0$/m);
  assert.match(text, /_bucket\{le="10"\} 1$/m);
  assert.match(text, /_bucket\{le="\+Inf"\} 1$/m);
  assert.match(text, /_sum 5$/m);
});
