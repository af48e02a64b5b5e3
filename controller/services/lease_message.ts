import { effectiveTimes, readSelector, selectorText, timesOf } from "@jumpstarter/lib/lease";
import type { client, Condition, Init } from "@jumpstarter/proto";
import type { Lease } from "../store/mod.ts";
import { resourcePath } from "./resource_name.ts";
import { toWire } from "./wire_time.ts";

/** A lease as clients see it. */
export function leaseMessage(
  lease: Lease,
  deprecated: Readonly<Record<string, string>> = {},
  now: number = Date.now(),
): Init<client.Lease> {
  const { metadata: { name, namespace }, spec, status } = lease;
  const asked = timesOf(spec);
  const effective = effectiveTimes(lease, now);
  const exporter = status?.exporterRef?.name;
  return {
    name: resourcePath("leases", { namespace, name }),
    selector: selectorText(spec.selector),
    duration: optional(asked.duration),
    effectiveDuration: optional(effective.duration),
    beginTime: optional(asked.begin),
    effectiveBeginTime: optional(effective.begin),
    endTime: optional(asked.end),
    effectiveEndTime: optional(effective.end),
    client: resourcePath("clients", { namespace, name: spec.clientRef.name }),
    exporter: exporter === undefined
      ? undefined
      : resourcePath("exporters", { namespace, name: exporter }),
    conditions: conditionMessages(lease),
    exporterName: spec.exporterRef?.name,
    tags: spec.tags ?? {},
    allowDisabled: spec.allowDisabled ?? false,
    context: spec.context ?? {},
    deprecatedLabels: deprecatedKeys(lease, deprecated),
  };
}

/** The conditions of a lease, in their order. */
export function conditionMessages({ status }: Lease): Init<Condition>[] {
  return (status?.conditions ?? []).map(({ lastTransitionTime, ...condition }) => ({
    ...condition,
    lastTransitionTime: toWire(Date.parse(lastTransitionTime)),
  }));
}

/** The labels in a lease's selector that will go away. */
function deprecatedKeys(
  { spec }: Lease,
  deprecated: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = Object.entries(deprecated);
  if (known.length === 0) return {};
  const used = new Set(readSelector(spec.selector).map(({ key }) => key));
  return Object.fromEntries(known.filter(([key]) => used.has(key)));
}

function optional(milliseconds: number | undefined): ReturnType<typeof toWire> | undefined {
  return milliseconds === undefined ? undefined : toWire(milliseconds);
}
