/** The verbs that change objects, except for patches. */
import {
  apiVersionOf,
  type DeleteOptions,
  isObject,
  type JsonObject,
  NotFoundError,
  type StoredObject,
} from "../store/mod.ts";
import { ApiError } from "./api_error.ts";
import { mediaTypeOf, readBytes, readJson, readObject, requireJson } from "./body.ts";
import { answer, type Call, dryRunOf, json, presented } from "./call.ts";
import { checkFields } from "./fields.ts";
import { fromProtobuf, isInProtobuf, PROTOBUF } from "./protobuf.ts";
import { filterOf } from "./selectors.ts";
import { deleted } from "./status.ts";

/** Creates an object. */
export async function create(call: Call): Promise<Response> {
  const { route, query, collection } = call;
  const namespace = namespaceOf(call);
  const body = await readInput(call);
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const asked = metadata.namespace ?? "";
  if (asked !== "" && asked !== namespace) {
    throw new ApiError(
      "BadRequest",
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  const warnings = checkFields(route.kind, body, query);
  const draft = { ...body, metadata: { ...metadata, namespace } };
  const object = await collection.create(draft, { dryRun: dryRunOf(query) });
  return answer(call, object, { status: 201, warnings });
}

/** Replaces an object, or its status. */
export async function update(call: Call): Promise<Response> {
  const { route, query } = call;
  const body = await readInput(call);
  const warnings = checkFields(route.kind, body, query);
  return answer(call, await put(call, sameObject(call, body)), { warnings });
}

/** What is written is in one namespace: nobody deletes all there is by leaving out a word. */
function namespaceOf({ route }: Call): string {
  if (route.namespace !== undefined) return route.namespace;
  throw new ApiError(
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource: name a namespace",
  );
}

/** Reads the object that is sent. */
async function readInput({ request, route: { kind } }: Call): Promise<JsonObject> {
  if (isInProtobuf(kind) && mediaTypeOf(request) === PROTOBUF) {
    return fromProtobuf(kind, await readBytes(request));
  }
  requireJson(request);
  return await readObject(request);
}

/** Stores the next state of an object, or of its status. */
export async function put(call: Call, object: StoredObject): Promise<StoredObject> {
  const options = { dryRun: dryRunOf(call.query) };
  return call.route.what === "status"
    ? await call.collection.updateStatus(object, options)
    : await call.collection.update(object, options);
}

/** Makes sure that an object is the one that the path names. */
export function sameObject({ route }: Call, body: JsonObject): StoredObject {
  const metadata = isObject(body.metadata) ? body.metadata : {};
  for (const field of ["name", "namespace"] as const) {
    const asked = metadata[field] ?? "";
    if (asked === route[field] || (asked === "" && field === "namespace")) continue;
    throw new ApiError(
      "BadRequest",
      `the ${field} of the object (${JSON.stringify(asked)}) does not match the ${field} on the ` +
        `URL (${route[field]})`,
    );
  }
  const { name, namespace } = route;
  // The store judges the rest.
  return { ...body, metadata: { ...metadata, name, namespace } } as unknown as StoredObject;
}

/** Deletes an object. */
export async function remove(call: Call): Promise<Response> {
  const { route, collection } = call;
  const { namespace = "", name, kind } = route;
  const options = await deleteOptions(call);
  const object = await collection.delete(namespace, name, options);
  // Somebody has to finish first: it is still there.
  if (object.metadata.finalizers !== undefined) return answer(call, object);
  return json(deleted(kind, name, object.metadata.uid));
}

/** Deletes all objects that are meant, and answers with them. */
export async function removeAll(call: Call): Promise<Response> {
  const { route, collection, query } = call;
  const filter = { ...filterOf(query, route.kind), namespace: namespaceOf(call) };
  const options = await deleteOptions(call);
  const { items, resourceVersion } = await collection.list(filter);
  const gone: StoredObject[] = [];
  for (const { metadata: { namespace, name, uid } } of items) {
    const preconditions = { ...options.preconditions, uid };
    try {
      gone.push(await collection.delete(namespace, name, { ...options, preconditions }));
    } catch (error) {
      // Somebody else was faster, or it went with its owner.
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  return json({
    kind: `${route.kind.kind}List`,
    apiVersion: apiVersionOf(route.kind),
    metadata: { resourceVersion },
    items: gone.map(presented),
  });
}

const PROPAGATION: Readonly<Record<string, NonNullable<DeleteOptions["propagation"]>>> = {
  Background: "background",
  Foreground: "foreground",
  Orphan: "orphan",
};

async function deleteOptions({ request, query }: Call): Promise<DeleteOptions> {
  requireJson(request);
  const body = await readJson(request) ?? {};
  if (!isObject(body)) throw new ApiError("BadRequest", "DeleteOptions must be a JSON object");
  const { dryRun } = body;
  const asked = new URLSearchParams(query);
  for (const one of Array.isArray(dryRun) ? dryRun : []) asked.append("dryRun", String(one));
  const policy = String(body.propagationPolicy ?? query.get("propagationPolicy") ?? "");
  const propagation = Object.hasOwn(PROPAGATION, policy) ? PROPAGATION[policy] : undefined;
  if (policy !== "" && propagation === undefined) {
    const known = Object.keys(PROPAGATION).join(", ");
    throw new ApiError(
      "BadRequest",
      `propagationPolicy: Unsupported value: "${policy}": supported values: ${known}`,
    );
  }
  const { uid, resourceVersion } = isObject(body.preconditions) ? body.preconditions : {};
  return {
    dryRun: dryRunOf(asked),
    propagation,
    preconditions: {
      uid: typeof uid === "string" ? uid : undefined,
      resourceVersion: typeof resourceVersion === "string" ? resourceVersion : undefined,
    },
  };
}
