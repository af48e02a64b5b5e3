import { conditionOf } from "@jumpstarter/lib/lease";
import type { Happening } from "../events/mod.ts";
import type { Exporter } from "../store/mod.ts";

/** What is told of a condition that becomes true, and of one that was. */
const TOLD = {
  Registered: { True: "ExporterRegistered", False: "ExporterUnregistered" },
  Online: { True: "ExporterOnline", False: "ExporterOffline" },
} as const;

/** What happened to an exporter between two writes of its status. */
export function exporterEvents(before: Exporter, after: Exporter): Happening[] {
  return Object.entries(TOLD).flatMap(([type, reasons]) => {
    const was = conditionOf(before, type)?.status ?? "False";
    const is = conditionOf(after, type);
    if (is === undefined || is.status === was || is.status === "Unknown") return [];
    return [{
      type: is.status === "True" ? "Normal" : "Warning",
      reason: reasons[is.status],
      message: is.message ?? "",
      component: "exporter-controller",
    }];
  });
}
