/** Namespaces: tools ask for them, and the store keeps none. */
import type { JsonObject, Store, StoredObject } from "../store/mod.ts";
import type { Form } from "./accept.ts";
import { ApiError } from "./api_error.ts";
import { json } from "./call.ts";
import type { NamespaceRoute } from "./route.ts";
import { tableOf } from "./table.ts";

/** What {@linkcode namespaces} takes. */
export interface NamespacesCall {
  readonly store: Store;
  readonly route: NamespaceRoute;
  readonly query: URLSearchParams;
  readonly form: Form;
  readonly now: Date;
}

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A namespace is there without being made, so it has a name and no beginning. */
function namespaceOf(name: string): StoredObject & JsonObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      uid: name,
      resourceVersion: "1",
      creationTimestamp: null,
      labels: { "kubernetes.io/metadata.name": name },
    } as unknown as StoredObject["metadata"],
    spec: { finalizers: [] },
    status: { phase: "Active" },
  };
}

/** Answers a `GET` of namespaces. */
export async function namespaces(call: NamespacesCall): Promise<Response> {
  const { route: { name }, query, form, now } = call;
  if (name !== undefined && !NAME.test(name)) {
    throw new ApiError("NotFound", `namespaces "${name}" not found`, { name, kind: "namespaces" });
  }
  const names = name === undefined ? await namesOf(call.store) : [name];
  const objects = names.map(namespaceOf);
  const metadata = { resourceVersion: "1" };
  if (form === "table") {
    const include = query.get("includeObject");
    return json(tableOf(objects, { plural: "namespaces", now, include, metadata }));
  }
  const [only] = objects;
  if (name !== undefined && only !== undefined) return json(only);
  return json({ kind: "NamespaceList", apiVersion: "v1", metadata, items: objects });
}

/** The namespaces in which there is somebody, and the one that commands use that name none. */
async function namesOf({ clients, exporters }: Store): Promise<string[]> {
  const lists = await Promise.all([clients.list(), exporters.list()]);
  const names = lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.namespace));
  return [...new Set(["default", ...names])].sort();
}
