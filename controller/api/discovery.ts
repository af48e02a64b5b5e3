/** The documents by which tools find out what there is. */
import { type JsonObject, KINDS, PLURALS } from "../store/mod.ts";

/** The version of Kubernetes whose tools this API answers to. */
const KUBERNETES = { major: "1", minor: "33" };

const VERBS = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
] as const;
const STATUS_VERBS = ["get", "patch", "update"] as const;

/** What tools are told of a collection. */
interface Resource {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly hasStatus: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
}

const GROUPS = [
  { group: "", version: "v1" },
  { group: "jumpstarter.dev", version: "v1alpha1" },
] as const;

const SHORT_NAMES: Readonly<Record<string, readonly string[]>> = {
  configmaps: ["cm"],
  events: ["ev"],
};

const VIRTUAL: readonly Resource[] = [
  {
    plural: "namespaces",
    singular: "namespace",
    kind: "Namespace",
    isNamespaced: false,
    hasStatus: false,
    verbs: ["get", "list"],
    shortNames: ["ns"],
  },
];

const AUDIT: Resource = {
  plural: "auditevents",
  singular: "auditevent",
  kind: "AuditEvent",
  isNamespaced: true,
  hasStatus: false,
  verbs: ["list", "watch"],
  shortNames: ["audit"],
};

function resourcesOf(group: string): readonly Resource[] {
  const stored = PLURALS.map((plural) => KINDS[plural]).filter((kind) => kind.group === group)
    .map(({ plural, singular, kind, hasStatus }): Resource => ({
      plural,
      singular,
      kind,
      hasStatus,
      isNamespaced: true,
      verbs: VERBS,
      shortNames: SHORT_NAMES[plural] ?? [],
    }));
  return [...stored, ...group === "" ? VIRTUAL : [AUDIT]];
}

function resourceList(group: string, version: string): JsonObject {
  const resources = resourcesOf(group).flatMap((one) => {
    const { plural, singular, kind, isNamespaced, hasStatus, verbs, shortNames } = one;
    const shared = { namespaced: isNamespaced, kind };
    const whole = {
      name: plural,
      singularName: singular,
      ...shared,
      verbs,
      ...(shortNames.length === 0 ? {} : { shortNames }),
    };
    const status = { name: `${plural}/status`, singularName: "", ...shared, verbs: STATUS_VERBS };
    return hasStatus ? [whole, status] : [whole];
  });
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: group === "" ? version : `${group}/${version}`,
    resources,
  };
}

function aggregated(wanted: readonly { group: string; version: string }[]): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: wanted.map(({ group, version }) => ({
      metadata: group === "" ? {} : { name: group },
      versions: [{
        version,
        freshness: "Current",
        resources: resourcesOf(group).map((one) => {
          const responseKind = { group, version, kind: one.kind };
          return {
            resource: one.plural,
            responseKind,
            scope: one.isNamespaced ? "Namespaced" : "Cluster",
            singularResource: one.singular,
            verbs: one.verbs,
            ...(one.shortNames.length === 0 ? {} : { shortNames: one.shortNames }),
            ...(one.hasStatus
              ? { subresources: [{ subresource: "status", responseKind, verbs: STATUS_VERBS }] }
              : {}),
          };
        }),
      }],
    })),
  };
}

const [CORE, OURS] = GROUPS;
const VERSION = { groupVersion: `${OURS.group}/${OURS.version}`, version: OURS.version };
const GROUP = { name: OURS.group, versions: [VERSION], preferredVersion: VERSION };

/** Discovery documents by path. */
export const DISCOVERY: Readonly<Record<string, JsonObject>> = {
  "/api": { kind: "APIVersions", versions: [CORE.version], serverAddressByClientCIDRs: [] },
  "/api/v1": resourceList(CORE.group, CORE.version),
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [GROUP] },
  [`/apis/${OURS.group}`]: { kind: "APIGroup", apiVersion: "v1", ...GROUP },
  [`/apis/${OURS.group}/${OURS.version}`]: resourceList(OURS.group, OURS.version),
  "/version": {
    ...KUBERNETES,
    gitVersion: `v${KUBERNETES.major}.${KUBERNETES.minor}.0+jumpstarter`,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "",
    goVersion: "",
    compiler: "deno",
    platform: `${Deno.build.os}/${Deno.build.arch}`,
  },
};

/** Discovery documents that tell all at once, by path. */
export const AGGREGATED: Readonly<Record<string, JsonObject>> = {
  "/api": aggregated([CORE]),
  "/apis": aggregated([OURS]),
};
