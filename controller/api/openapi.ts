/** The OpenAPI documents: what `kubectl explain` tells, and what `kubectl apply` looks up. */
import { createHash } from "node:crypto";
import {
  apiVersionOf,
  type JsonObject,
  type KindFacts,
  KINDS,
  PLURALS,
  type Schema,
  SCHEMAS,
} from "../store/mod.ts";

const INFO = { title: "Jumpstarter", version: "v1alpha1" };
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

const text = (description: string) => ({ type: "string", description });
const texts = (description: string) => ({
  type: "object",
  description,
  additionalProperties: { type: "string", default: "" },
});

const OBJECT_META: JsonObject = {
  type: "object",
  description: "What every object has.",
  properties: {
    name: text("The name, unique within the namespace."),
    generateName: text("The start of a name that is made unique."),
    namespace: text("The namespace."),
    uid: text("Names one object for ever."),
    resourceVersion: text("The version of the object that was read."),
    generation: { type: "integer", format: "int64", description: "Counts changes of the spec." },
    creationTimestamp: { ...text("When it was created."), format: "date-time" },
    deletionTimestamp: { ...text("When its deletion began."), format: "date-time" },
    labels: texts("What selectors look at."),
    annotations: texts("Anything else that is kept with the object."),
    finalizers: {
      type: "array",
      description: "Those who have something to do before the object goes.",
      items: { type: "string", default: "" },
      "x-kubernetes-list-type": "set",
      "x-kubernetes-patch-strategy": "merge",
    },
    ownerReferences: {
      type: "array",
      description: "The objects without which this one is garbage.",
      items: {
        type: "object",
        required: ["apiVersion", "kind", "name", "uid"],
        properties: {
          apiVersion: text("Group and version of the owner."),
          kind: text("The owner's kind."),
          name: text("The owner's name."),
          uid: text("The owner's uid."),
          controller: { type: "boolean", description: "Whether the owner manages the object." },
          blockOwnerDeletion: { type: "boolean", description: "Whether the owner waits for it." },
        },
      },
      "x-kubernetes-list-map-keys": ["uid"],
      "x-kubernetes-list-type": "map",
      "x-kubernetes-patch-merge-key": "uid",
      "x-kubernetes-patch-strategy": "merge",
    },
  },
};

function gvkOf({ group, version, kind }: KindFacts): JsonObject {
  return { group, version, kind };
}

function schemaNameOf({ group, version, kind }: KindFacts): string {
  return group === "" ? `io.k8s.api.core.${version}.${kind}` : `dev.jumpstarter.${version}.${kind}`;
}

/** The schema of a kind as a document has it; `refs` is where the document keeps its schemas. */
function published(kind: KindFacts, refs: string): JsonObject {
  const schema = plain(SCHEMAS[kind.plural]);
  const properties = schema.properties as JsonObject;
  return {
    ...schema,
    properties: {
      ...properties,
      metadata: { description: "Name, labels, owners.", allOf: [{ $ref: `${refs}${META}` }] },
    },
    "x-kubernetes-group-version-kind": [gvkOf(kind)],
  };
}

/** What a schema says as JSON; how we evaluate rules is no part of that. */
function plain(schema: Schema): JsonObject {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => key === "onUpdate" ? undefined : value),
  );
}

const query = (name: string, description: string) => ({
  name,
  in: "query",
  description,
  schema: { type: "string", uniqueItems: true },
});

const WRITE_PARAMETERS = [
  query("dryRun", "All: find out whether it would succeed, and store nothing."),
  query("fieldManager", "Who writes; kept of those that apply on the server."),
  query("fieldValidation", "Ignore, Warn or Strict: what becomes of unknown fields."),
];

const OPERATIONS: Readonly<Record<string, { action: string; parameters: readonly unknown[] }>> = {
  get: { action: "get", parameters: [] },
  put: { action: "put", parameters: WRITE_PARAMETERS },
  patch: { action: "patch", parameters: WRITE_PARAMETERS },
  delete: { action: "delete", parameters: [] },
};

const COLLECTION_OPERATIONS: typeof OPERATIONS = {
  get: { action: "list", parameters: [] },
  post: { action: "post", parameters: WRITE_PARAMETERS },
  delete: { action: "deletecollection", parameters: [] },
};

function pathOf(kind: KindFacts, operations: typeof OPERATIONS): JsonObject {
  return Object.fromEntries(
    Object.entries(operations).map(([method, { action, parameters }]) => [method, {
      operationId: `${action}${kind.kind}`,
      parameters,
      responses: { 200: { description: "OK" } },
      "x-kubernetes-action": action,
      "x-kubernetes-group-version-kind": gvkOf(kind),
    }]),
  );
}

function document(kinds: readonly KindFacts[], prefix: string): JsonObject {
  return {
    openapi: "3.0.0",
    info: INFO,
    paths: Object.fromEntries(kinds.flatMap((kind) => {
      const path = `/${prefix}/namespaces/{namespace}/${kind.plural}`;
      return [
        [path, pathOf(kind, COLLECTION_OPERATIONS)],
        [`${path}/{name}`, pathOf(kind, OPERATIONS)],
      ];
    })),
    components: {
      schemas: {
        ...Object.fromEntries(
          kinds.map((kind) => [schemaNameOf(kind), published(kind, "#/components/schemas/")]),
        ),
        [META]: OBJECT_META,
      },
    },
  };
}

/** A document, and what its URL says of its content, so that clients may keep it. */
interface Served {
  readonly body: JsonObject;
  readonly hash: string;
}

let made: ReadonlyMap<string, Served> | undefined;

function makeDocuments(): ReadonlyMap<string, Served> {
  const kinds = PLURALS.map((plural) => KINDS[plural]);
  const groups = Map.groupBy(
    kinds,
    (kind) => `${kind.group === "" ? "api" : "apis"}/${apiVersionOf(kind)}`,
  );
  return new Map([...groups].map(([prefix, members]) => {
    const body = document(members, prefix);
    const hash = createHash("sha256").update(JSON.stringify(body)).digest("hex").toUpperCase();
    return [prefix, { body, hash }];
  }));
}

/** The OpenAPI document at a path; undefined when there is none. They are made when first asked for. */
export function openApi(path: string): JsonObject | undefined {
  made ??= makeDocuments();
  if (path === "/openapi/v3") {
    const paths = [...made].map(([prefix, { hash }]) => [
      prefix,
      { serverRelativeURL: `/openapi/v3/${prefix}?hash=${hash}` },
    ]);
    return { paths: Object.fromEntries(paths) };
  }
  if (path !== "/openapi/v2") return made.get(path.replace(/^\/openapi\/v3\//, ""))?.body;
  const kinds = PLURALS.map((plural) => KINDS[plural]);
  return {
    swagger: "2.0",
    info: INFO,
    paths: {},
    definitions: {
      ...Object.fromEntries(
        kinds.map((kind) => [schemaNameOf(kind), published(kind, "#/definitions/")]),
      ),
      [META]: OBJECT_META,
    },
  };
}
