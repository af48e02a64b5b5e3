import { formatSelector, type LabelSelector, readSelector } from "@jumpstarter/lib/lease";
import type { KubernetesObject } from "@jumpstarter/lib/kubernetes";
import { age } from "./age.ts";

// deno-lint-ignore no-explicit-any -- what a server sends; cells show what is there
type Json = any;

/** A kind of object that is administered. */
export interface AdminKind {
  /** Its name on the command line. */
  readonly name: string;
  /** Its name in paths of the API. */
  readonly plural: string;
  /** Its kind in objects. */
  readonly kind: string;
  /** The header of its table. */
  readonly header: readonly string[];
  /** The rows of an object in that table; `now` in milliseconds since 1970. */
  rows(object: KubernetesObject, now: number): readonly (readonly string[])[];
}

/** One row an object. */
function single(
  row: (object: Json, now: number) => readonly unknown[],
): AdminKind["rows"] {
  return (object, now) => [row(object, now).map((cell) => `${cell ?? ""}`)];
}

/** Those who lease exporters. */
export const CLIENT: AdminKind = {
  name: "client",
  plural: "clients",
  kind: "Client",
  header: ["NAME", "ENDPOINT"],
  rows: single(({ metadata, status }) => [metadata.name, status?.endpoint]),
};

/** The devices under test. */
export const EXPORTER: AdminKind = {
  name: "exporter",
  plural: "exporters",
  kind: "Exporter",
  header: ["NAME", "STATUS", "ENDPOINT", "DEVICES", "AGE"],
  rows: single(({ metadata, status }, now) => [
    metadata.name,
    status?.exporterStatus ?? "Unknown",
    status?.endpoint,
    status?.devices?.length ?? 0,
    age(metadata.creationTimestamp, now),
  ]),
};

/** The same, one row a device. */
export const DEVICES: AdminKind = {
  ...EXPORTER,
  header: ["NAME", "STATUS", "ENDPOINT", "AGE", "LABELS", "UUID"],
  rows({ metadata, status }: Json, now) {
    return (status?.devices ?? []).map(({ labels, uuid }: Json) => [
      metadata.name,
      status?.exporterStatus ?? "Unknown",
      status?.endpoint ?? "",
      age(metadata.creationTimestamp, now),
      Object.entries(labels ?? {}).map(([key, value]) => `${key}:${value}`).join(","),
      uuid,
    ]);
  },
};

/** Who has which exporter, or waits for one. */
export const LEASE: AdminKind = {
  name: "lease",
  plural: "leases",
  kind: "Lease",
  header: [
    ...["NAME", "CLIENT", "SELECTOR", "EXPORTER", "DURATION", "STATUS", "REASON"],
    ...["BEGIN", "END", "AGE"],
  ],
  rows: single(({ metadata, spec, status }, now) => [
    metadata.name,
    spec?.clientRef?.name,
    Object.entries(spec?.selector?.matchLabels ?? {}).map(([key, value]) => `${key}:${value}`)
      .join(",") || "*",
    status?.exporterRef?.name ?? spec?.exporterRef?.name,
    spec?.duration,
    status?.ended ? "Ended" : "InProgress",
    status?.conditions?.at(-1)?.reason,
    status?.beginTime,
    status?.endTime,
    age(metadata.creationTimestamp, now),
  ]),
};

/** Who may lease what, one row a rule. */
export const POLICY: AdminKind = {
  name: "policy",
  plural: "exporteraccesspolicies",
  kind: "ExporterAccessPolicy",
  header: ["NAME", "EXPORTERS", "CLIENTS", "PRIORITY", "LONGEST", "SPOT", "AGE"],
  rows({ metadata, spec }: Json, now) {
    const rules: readonly Json[] = spec?.policies?.length > 0 ? spec.policies : [{}];
    return rules.map(({ from = [], priority, maximumDuration, spotAccess }) => [
      metadata.name,
      selected(spec?.exporterSelector),
      from.map(({ clientSelector }: Json) => selected(clientSelector)).join(" or ") || "nobody",
      `${priority ?? 0}`,
      maximumDuration ?? "any",
      spotAccess ? "yes" : "no",
      age(metadata.creationTimestamp, now),
    ]);
  },
};

/** A selector as text; one that selects everything is `*`. */
function selected(selector: LabelSelector | undefined): string {
  return formatSelector(readSelector(selector)) || "*";
}

/** The name of an object that says its kind, too. */
export function resourceName({ name }: AdminKind, object: string): string {
  return `${name}.jumpstarter.dev/${object}`;
}
