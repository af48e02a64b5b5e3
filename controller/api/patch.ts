/** Patches, in the formats that API servers take. */
import { ConflictError, isObject, type StoredObject } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";
import { serverSideApply } from "./apply/mod.ts";
import { mediaTypeOf, readJson, readObject, unknownFormat } from "./body.ts";
import { answer, type Call, dryRunOf } from "./call.ts";
import { checkFields } from "./fields.ts";
import { jsonPatch } from "./json_patch.ts";
import { strategicPatch } from "./strategic_patch.ts";
import { put, sameObject } from "./write.ts";

/** How often a patch is tried on an object that others change meanwhile. */
const ATTEMPTS = 5;

const STRATEGIC = "application/strategic-merge-patch+json";

const FORMATS: Readonly<Record<string, (call: Call) => Promise<Response>>> = {
  "application/json-patch+json": async (call) => {
    const operations = await readJson(call.request);
    return await change(call, (old) => jsonPatch(old, operations));
  },
  "application/merge-patch+json": async (call) => {
    const { route, query, collection } = call;
    const patch = await readObject(call.request);
    const warnings = checkFields(route.kind, patch, query);
    const object = await collection.patch(route.namespace ?? "", route.name, patch, {
      dryRun: dryRunOf(query),
      subresource: route.what === "status" ? "status" : undefined,
    });
    return answer(call, object, { warnings });
  },
  "application/apply-patch+yaml": serverSideApply,
};

/** As a real API server, ours knows how to merge lists only for the kinds of the core group. */
const CORE_FORMATS: typeof FORMATS = {
  ...FORMATS,
  [STRATEGIC]: async (call) => {
    const patch = await readObject(call.request);
    return await change(call, (old) => strategicPatch(old, patch));
  },
};

/** Patches an object, or its status. */
export async function patch(call: Call): Promise<Response> {
  const type = mediaTypeOf(call.request);
  const formats = call.route.kind.group === "" ? CORE_FORMATS : FORMATS;
  const apply = Object.hasOwn(formats, type) ? formats[type] : undefined;
  if (apply !== undefined) return await apply(call);
  throw unknownFormat(Object.keys(formats));
}

/** Reads, changes and stores an object until nobody else changed it in between. */
async function change(
  call: Call,
  make: (old: StoredObject) => unknown,
): Promise<Response> {
  const { collection, route, query } = call;
  for (let attempt = 1;; attempt++) {
    const old = await collection.get(route.namespace ?? "", route.name);
    const { resourceVersion } = old.metadata;
    const next = make(old);
    if (!isObject(next)) throw new ApiError("BadRequest", "the patch leaves no object");
    const warnings = checkFields(route.kind, next, query);
    const object = sameObject(call, next);
    const asked: string | undefined = object.metadata.resourceVersion;
    object.metadata.resourceVersion = asked ?? resourceVersion;
    try {
      return answer(call, await put(call, object), { warnings });
    } catch (error) {
      // A patch that names another version than was read wants that version, or nothing.
      const isTold = asked !== undefined && asked !== resourceVersion;
      if (!(error instanceof ConflictError) || isTold || attempt === ATTEMPTS) throw error;
    }
  }
}
