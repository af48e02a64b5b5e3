import type { Kinds, Plural } from "./objects.ts";

/** Facts about one kind of object. */
export interface KindFacts {
  /** The collection's name. */
  readonly plural: Plural;
  /** The name of one object in lower case, as command lines take it. */
  readonly singular: string;
  /** The name of the kind. */
  readonly kind: Kinds[Plural]["kind"];
  /** The API group; empty for the core group. */
  readonly group: string;
  /** The version within the group. */
  readonly version: string;
  /** Whether `status` is written apart from everything else. */
  readonly hasStatus: boolean;
  /** Whether an update must say which version it changes. */
  readonly needsVersion: boolean;
}

const jumpstarter = (plural: Plural, singular: string, kind: string): KindFacts => ({
  plural,
  singular,
  kind,
  group: "jumpstarter.dev",
  version: "v1alpha1",
  hasStatus: true,
  needsVersion: true,
});

const core = (plural: Plural, singular: string, kind: string): KindFacts => ({
  plural,
  singular,
  kind,
  group: "",
  version: "v1",
  hasStatus: false,
  needsVersion: false,
});

/** Every kind a store keeps. */
export const KINDS: Readonly<Record<Plural, KindFacts>> = {
  clients: jumpstarter("clients", "client", "Client"),
  exporters: jumpstarter("exporters", "exporter", "Exporter"),
  leases: jumpstarter("leases", "lease", "Lease"),
  exporteraccesspolicies: jumpstarter(
    "exporteraccesspolicies",
    "exporteraccesspolicy",
    "ExporterAccessPolicy",
  ),
  secrets: core("secrets", "secret", "Secret"),
  configmaps: core("configmaps", "configmap", "ConfigMap"),
  events: core("events", "event", "Event"),
};

/** The names of all collections. */
export const PLURALS: readonly Plural[] = Object.values(KINDS).map(({ plural }) => plural);

/** The `apiVersion` of a kind: `jumpstarter.dev/v1alpha1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: KindFacts): string {
  return group === "" ? version : `${group}/${version}`;
}

/** How messages name a collection: `leases.jumpstarter.dev`, or `secrets` for the core group. */
export function resourceOf({ group, plural }: KindFacts): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** How messages name a kind: `Lease.jumpstarter.dev`, or `Secret` for the core group. */
export function groupKindOf({ group, kind }: KindFacts): string {
  return group === "" ? kind : `${kind}.${group}`;
}

/** Finds the kind that an owner reference speaks of; undefined when the store has no such kind. */
export function kindOf(apiVersion: string, kind: string): KindFacts | undefined {
  return Object.values(KINDS).find((facts) =>
    facts.kind === kind && apiVersionOf(facts) === apiVersion
  );
}
