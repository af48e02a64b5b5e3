import { formatTime } from "@jumpstarter/lib/lease";
import {
  AlreadyExistsError,
  apiVersionOf,
  ConflictError,
  isObject,
  type JsonObject,
  mergePatch,
  NotFoundError,
  SCHEMAS,
  type StoredObject,
} from "../../store/mod.ts";
import { ApiError } from "../api_error.ts";
import { readYamlObject } from "../body.ts";
import { answer, type Call, dryRunOf, flagOf } from "../call.ts";
import { checkFields } from "../fields.ts";
import { put, sameObject } from "../write.ts";
import { type Applier, apply, type FieldConflict, managedFrom } from "./apply.ts";

/** How often it is tried on an object that others change meanwhile. */
const ATTEMPTS = 5;
/** The longest name of a manager, as an API server has it. */
const MAX_MANAGER = 128;
/** What of the metadata is anybody's to apply. */
const METADATA = ["annotations", "finalizers", "labels", "ownerReferences"];

/** Applies what a manager wants, and creates an object that is not there. */
export async function serverSideApply(call: Call): Promise<Response> {
  const { route: { kind, what }, request, query, now } = call;
  if (what === "status") throw new ApiError("UnsupportedMediaType", "a status cannot be applied");
  const manager = query.get("fieldManager") ?? "";
  if (manager === "" || manager.length > MAX_MANAGER) {
    const why = `fieldManager: Invalid value: "${manager}": is required for apply patch, and may ` +
      `have ${MAX_MANAGER} characters`;
    throw new ApiError("BadRequest", why);
  }
  const body = mergePatch({}, await readYamlObject(request)) as JsonObject;
  const { apiVersion } = sameObject(call, body);
  if (apiVersion !== apiVersionOf(kind) || body.kind !== kind.kind) {
    const wanted = `${apiVersionOf(kind)}, kind ${kind.kind}`;
    throw new ApiError("BadRequest", `what is applied here must have apiVersion ${wanted}`);
  }
  const warnings = checkFields(kind, body, query);
  const time = formatTime(Math.floor(now().getTime() / 1_000) * 1_000);
  const applier = { manager, force: flagOf(query, "force"), apiVersion, time };
  for (let attempt = 1;; attempt++) {
    try {
      const [object, status] = await store(call, wantedOf(call, body), applier);
      return answer(call, object, { status, warnings });
    } catch (error) {
      const isLate = error instanceof ConflictError || error instanceof AlreadyExistsError;
      if (!isLate || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Stores the next state of the object; with the status of the answer. */
async function store(
  call: Call,
  wanted: JsonObject,
  applier: Applier,
): Promise<[StoredObject, number]> {
  const { route: { kind, namespace = "", name }, query, collection } = call;
  const schema = SCHEMAS[kind.plural];
  const live = await collection.get(namespace, name).catch((error) => {
    if (!(error instanceof NotFoundError)) throw error;
  });
  if (live === undefined) {
    const managedFields = managedFrom(wanted, schema, applier);
    const metadata = { ...wanted.metadata as JsonObject, namespace, name, managedFields };
    const options = { dryRun: dryRunOf(query) };
    return [await collection.create({ ...wanted, metadata }, options), 201];
  }
  const applied = apply({ ...live } as JsonObject, wanted, schema, applier);
  if ("conflicts" in applied) throw conflict(call, applied.conflicts);
  return [await put(call, applied.object as unknown as StoredObject), 200];
}

/** What of a body is anybody's to apply: the rest is the store's, or the status. */
function wantedOf({ route: { kind } }: Call, body: JsonObject): JsonObject {
  const { status, stringData, ...rest } = body;
  const metadata = Object.entries(isObject(body.metadata) ? body.metadata : {});
  return {
    ...rest,
    metadata: Object.fromEntries(metadata.filter(([key]) => METADATA.includes(key))),
    ...(!kind.hasStatus && status !== undefined && { status }),
    // A Secret's text is stored as data.
    ...(isObject(stringData) && kind.kind === "Secret" && {
      data: { ...isObject(rest.data) ? rest.data : {}, ...encoded(stringData) },
    }),
  };
}

function encoded(texts: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      new TextEncoder().encode(String(text)).toBase64(),
    ]),
  );
}

function conflict({ route: { kind, name } }: Call, conflicts: FieldConflict[]): ApiError {
  const texts = conflicts.map(({ manager, field }) => `conflict with "${manager}": ${field}`);
  return new ApiError(
    "Conflict",
    `Apply failed with ${conflicts.length} conflict${conflicts.length === 1 ? "" : "s"}: ` +
      texts.join(", "),
    {
      name,
      ...(kind.group !== "" && { group: kind.group }),
      kind: kind.plural,
      causes: conflicts.map(({ manager, field }) => ({
        reason: "FieldManagerConflict",
        message: `conflict with "${manager}"`,
        field,
      })),
    },
  );
}
