import type { client, Init } from "@jumpstarter/proto";
import { isEnabled } from "@jumpstarter/lib/lease";
import type { Exporter } from "../store/mod.ts";
import { isMarkedOnline, wireStatus } from "./exporter_state.ts";
import type { LabSettings } from "./lab.ts";
import { resourcePath } from "./resource_name.ts";

/** An exporter as clients see it. */
export function exporterMessage(
  exporter: Exporter,
  { hiddenLabels, deprecatedLabels }: Pick<LabSettings, "hiddenLabels" | "deprecatedLabels">,
  showHidden: boolean,
): Init<client.Exporter> {
  const { metadata, status } = exporter;
  const labels = Object.entries(metadata.labels ?? {});
  const isHidden = (key: string) => hiddenLabels.includes(key) || key in deprecatedLabels;
  return {
    name: resourcePath("exporters", metadata),
    labels: Object.fromEntries(labels.filter(([key]) => showHidden || !isHidden(key))),
    online: isMarkedOnline(exporter),
    status: wireStatus(status?.exporterStatus),
    statusMessage: status?.statusMessage ?? "",
    enabled: isEnabled(exporter),
    deprecatedLabels: Object.fromEntries(
      labels.filter(([key]) => key in deprecatedLabels)
        .map(([key]) => [key, deprecatedLabels[key]!]),
    ),
  };
}
