import type { KubernetesObject } from "@jumpstarter/lib/kubernetes";
import {
  type Client,
  type Exporter,
  type ExporterAccessPolicy,
  type LabelSelector,
  type Lease,
  selectorText,
} from "@jumpstarter/lib/lease";
import { age } from "./age.ts";

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

type Cell = string | number | undefined;

/** Rows of objects of a type, as which a server has checked them. */
function rows<T>(
  make: (object: T, now: number) => readonly (readonly Cell[])[],
): AdminKind["rows"] {
  return (object, now) =>
    make(object as unknown as T, now).map((row) => row.map((cell) => `${cell ?? ""}`));
}

/** Those who lease exporters. */
export const CLIENT: AdminKind = {
  name: "client",
  plural: "clients",
  kind: "Client",
  header: ["NAME", "ENDPOINT"],
  rows: rows<Client>(({ metadata, status }) => [[metadata.name, status?.endpoint]]),
};

/** The devices under test. */
export const EXPORTER: AdminKind = {
  name: "exporter",
  plural: "exporters",
  kind: "Exporter",
  header: ["NAME", "STATUS", "ENDPOINT", "DEVICES", "AGE"],
  rows: rows<Exporter>(({ metadata, status }, now) => [[
    metadata.name,
    status?.exporterStatus ?? "Unknown",
    status?.endpoint,
    status?.devices?.length ?? 0,
    age(metadata.creationTimestamp, now),
  ]]),
};

/** The same, one row a device. */
export const DEVICES: AdminKind = {
  ...EXPORTER,
  header: ["NAME", "STATUS", "ENDPOINT", "AGE", "LABELS", "UUID"],
  rows: rows<Exporter>(({ metadata, status }, now) =>
    (status?.devices ?? []).map(({ labels, uuid }) => [
      metadata.name,
      status?.exporterStatus ?? "Unknown",
      status?.endpoint,
      age(metadata.creationTimestamp, now),
      pairs(labels),
      uuid,
    ])
  ),
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
  rows: rows<Lease>(({ metadata, spec, status }, now) => [[
    metadata.name,
    spec.clientRef.name,
    wanted(spec.selector),
    status?.exporterRef?.name,
    spec.duration,
    status?.ended ? "Ended" : "InProgress",
    status?.conditions?.at(-1)?.reason,
    status?.beginTime,
    status?.endTime,
    age(metadata.creationTimestamp, now),
  ]]),
};

/** Who may lease what, one row a rule. */
export const POLICY: AdminKind = {
  name: "policy",
  plural: "exporteraccesspolicies",
  kind: "ExporterAccessPolicy",
  header: ["NAME", "EXPORTERS", "CLIENTS", "PRIORITY", "LONGEST", "AGE"],
  rows: rows<ExporterAccessPolicy>(({ metadata, spec: { exporterSelector, policies } }, now) => {
    const rules = policies?.length ? policies : [{}];
    return rules.map(({ from = [], priority = 0, maximumDuration = "any" }) => [
      metadata.name,
      selected(exporterSelector),
      from.map(({ clientSelector }) => selected(clientSelector)).join(" or ") || "nobody",
      priority,
      maximumDuration,
      age(metadata.creationTimestamp, now),
    ]);
  }),
};

/** What an entry of the audit says, in the order of the columns. */
const AUDIT_COLUMNS = ["time", "exporter", "lease", "client", "severity", "message"] as const;

/** What happened. */
export const AUDIT: AdminKind = {
  name: "auditevent",
  plural: "auditevents",
  kind: "AuditEvent",
  header: AUDIT_COLUMNS.map((column) => column.toUpperCase()),
  rows: rows<{ spec: Readonly<Partial<Record<typeof AUDIT_COLUMNS[number], string>>> }>((
    { spec },
  ) => [AUDIT_COLUMNS.map((column) => spec[column])]),
};

/** `k:v,…` as the Python peer shows it, and what else is asked for; `*` for nothing. */
function wanted({ matchLabels, matchExpressions = [] }: LabelSelector): string {
  const more = matchExpressions.length > 0 ? [selectorText({ matchExpressions })] : [];
  return [pairs(matchLabels), ...more].filter(Boolean).join(",") || "*";
}

/** A selector as it is typed; `*` when everything is selected. */
function selected(selector: LabelSelector | undefined): string {
  const text = selectorText(selector);
  return text === "<none>" ? "*" : text;
}

function pairs(labels: Readonly<Record<string, string>> = {}): string {
  return Object.entries(labels).map(([key, value]) => `${key}:${value}`).join(",");
}

/** The name of an object that says its kind, too. */
export function resourceName({ name }: AdminKind, object: string): string {
  return `${name}.jumpstarter.dev/${object}`;
}
