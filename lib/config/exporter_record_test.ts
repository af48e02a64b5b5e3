import assert from "node:assert/strict";
import type { DriverNode } from "./driver_node.ts";
import { type ExporterFile, parseExporterFile } from "./exporter_file.ts";
import { exporterRecord, formatExporterFile } from "./exporter_record.ts";

const TEXT = `
metadata: {namespace: null, name: "yes"}
endpoint: ctl:443
token: "12:30"
tls: {ca: Zm9v, insecure: true}
grpcOptions: {grpc.keepalive_time_ms: 5000, text: "5000"}
description: "on"
motd: |
  Two lines,
    the second with a margin.
export:
  power:
    type: a.Power
    description: main rail
    methods_description: {on: Close the relay}
    config: {url: "0x10", speed: 9600, list: [1, "1", null, true], deep: {off: 1.5}}
    children: {spare: {type: b.Spare}}
  rack: {children: {inner: {ref: power.spare}}}
hooks:
  beforeLease: {script: j power on, timeout: 60, onFailure: endLease, exec: bash}
failureDetection: {maxRapidFailures: 3, rapidFailureWindow: 10}
exitOnLeaseEnd: true
`;

/** What a file says, without where it says it. */
function meaning(file: ExporterFile): unknown {
  return { ...file, export: nodes(file.export) };
}

function nodes(children: ReadonlyMap<string, DriverNode>): unknown {
  return [...children].map(([name, { at: _, ...node }]) => [
    name,
    "children" in node ? { ...node, children: nodes(node.children) } : node,
  ]);
}

Deno.test("a file that is written reads back equal [exporter 5]", async () => {
  const options = { env: () => undefined };
  const file = await parseExporterFile("bench.yaml", TEXT, options);
  const again = await parseExporterFile("bench.yaml", await formatExporterFile(file), options);
  assert.deepEqual(meaning(again), meaning(file));
});

Deno.test("what is not set is null, empty or the default", () => {
  assert.deepEqual(exporterRecord({ name: "a" }), {
    apiVersion: "jumpstarter.dev/v1alpha1",
    kind: "ExporterConfig",
    metadata: { namespace: null, name: "a" },
    endpoint: null,
    tls: { ca: "", insecure: false },
    token: null,
    grpcOptions: {},
    description: null,
    motd: null,
    export: {},
    hooks: { beforeLease: null, afterLease: null },
    failureDetection: { maxRapidFailures: 5, rapidFailureWindow: 60 },
    exitOnLeaseEnd: false,
  });
});
