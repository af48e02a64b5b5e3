/** How an object becomes the next one: pure functions from what is stored and what is asked. */
import { BadRequestError, ConflictError, InvalidError } from "./errors.ts";
import { apiVersionOf, type KindFacts } from "./kinds.ts";
import { isObject, type JsonObject } from "./merge_patch.ts";
import type { StoredObject } from "./objects.ts";
import { equal } from "./json.ts";
import { shape, validate } from "./validate.ts";

/** An object of which no more is known than that it has metadata. */
export type AnyObject = StoredObject & JsonObject;

/** Metadata that writers may set; the rest is the store's. */
const SETTABLE = [
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
] as const;

/** Metadata that may be written with a status. */
const RECORDED = ["labels", "ownerReferences"] as const;

const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH = 5;

/** What the store gives to a new object. */
export interface Birth {
  /** The moment, as RFC 3339 text of whole seconds. */
  readonly now: string;
  /** A uid nobody had before. */
  readonly uid: string;
}

/**
 * Makes the object to be stored of one that is to be created, with its status where asked for; throws
 * what `create` rejects with.
 */
export function born(
  kind: KindFacts,
  draft: unknown,
  { now, uid }: Birth,
  hasStatus = false,
): AnyObject {
  const { object } = shape(kind, withHead(kind, draft));
  const asked = metadataOf(object);
  if (typeof asked.resourceVersion === "string" && asked.resourceVersion !== "") {
    throw new BadRequestError("resourceVersion should not be set on objects to be created");
  }
  const { generateName } = asked;
  const generated = typeof generateName === "string" && generateName !== "" && !asked.name;
  const metadata = {
    name: generated ? generateName + suffixOf(uid) : asked.name,
    ...(typeof generateName === "string" ? { generateName } : {}),
    namespace: asked.namespace,
    uid,
    generation: 1,
    creationTimestamp: now,
    ...settable(asked),
  };
  const rest = kind.hasStatus && !hasStatus ? without(object, "status") : object;
  const next = textToData(kind, { ...rest, metadata });
  validate(kind, next);
  return stored(next);
}

/**
 * Makes the object to be stored of one that replaces `old`, with its status where asked for; throws
 * what `update` rejects with.
 */
export function replaced(
  kind: KindFacts,
  old: AnyObject,
  input: unknown,
  hasStatus = false,
): AnyObject {
  const { object } = shape(kind, withHead(kind, input));
  checkIdentity(kind, old, metadataOf(object));
  const next: JsonObject = {
    ...substance(textToData(kind, object)),
    metadata: { ...without(old.metadata, ...SETTABLE), ...settable(metadataOf(object)) },
    ...(kind.hasStatus ? statusOf(hasStatus ? object : old) : {}),
  };
  validate(kind, next, old);
  checkFinalizers(kind, old, next);
  return stored(equal(substance(old), substance(next)) ? next : grown(next, old));
}

/**
 * Makes the object to be stored of one with a new status, and new labels and owners where asked for;
 * throws what `updateStatus` rejects with.
 */
export function withStatus(
  kind: KindFacts,
  old: AnyObject,
  input: unknown,
  hasMetadata = false,
): AnyObject {
  const { object } = shape(kind, withHead(kind, input));
  const asked = metadataOf(object);
  checkIdentity(kind, old, asked);
  const metadata = hasMetadata
    ? { ...without(old.metadata, ...RECORDED), ...settable(asked, RECORDED) }
    : old.metadata;
  const next: JsonObject = { ...without(old, "status"), metadata, ...statusOf(object) };
  validate(kind, next, old);
  return stored(next);
}

/** Marks an object as being deleted. */
export function dying(old: AnyObject, now: string): AnyObject {
  const metadata = { ...old.metadata, deletionTimestamp: now, deletionGracePeriodSeconds: 0 };
  return grown({ ...old, metadata }, old);
}

/** Takes an owner from an object. */
export function orphaned(old: AnyObject, uid: string): AnyObject {
  const { ownerReferences = [], ...metadata } = old.metadata;
  const left = ownerReferences.filter((owner) => owner.uid !== uid);
  return {
    ...old,
    metadata: { ...metadata, ...(left.length > 0 ? { ownerReferences: left } : {}) },
  };
}

function withHead(kind: KindFacts, input: unknown): JsonObject {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, ...(isObject(input) ? input : {}) };
}

function metadataOf(object: JsonObject): JsonObject {
  return isObject(object.metadata) ? object.metadata : {};
}

function statusOf({ status }: JsonObject): JsonObject {
  return status === undefined ? {} : { status };
}

/** Everything whose change makes a new generation. */
function substance(object: JsonObject): JsonObject {
  return without(object, "metadata", "status");
}

function without(object: object, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Leaves out what is empty, so that `labels: {}` and no labels are the same. */
function settable(metadata: JsonObject, keys: readonly string[] = SETTABLE): JsonObject {
  return Object.fromEntries(
    keys.map((key) => [key, metadata[key]] as const).filter(([, value]) => {
      if (value === undefined || value === null) return false;
      return typeof value !== "object" || Object.keys(value).length > 0;
    }),
  );
}

function grown(next: JsonObject, old: AnyObject): AnyObject {
  return stored({
    ...next,
    metadata: { ...metadataOf(next), generation: old.metadata.generation + 1 },
  });
}

function checkIdentity(kind: KindFacts, old: AnyObject, asked: JsonObject): void {
  const { name, uid, resourceVersion } = old.metadata;
  for (const field of ["name", "namespace"] as const) {
    if (asked[field] === old.metadata[field]) continue;
    throw new BadRequestError(
      `the ${field} of the object (${asked[field]}) does not match the ${field} on the URL ` +
        `(${old.metadata[field]})`,
    );
  }
  if (asked.uid !== undefined && asked.uid !== "" && asked.uid !== uid) {
    throw new ConflictError(
      kind,
      name,
      `Precondition failed: UID in precondition: ${asked.uid}, UID in object meta: ${uid}`,
    );
  }
  if (asked.resourceVersion === undefined || asked.resourceVersion === "") {
    if (!kind.needsVersion) return;
    throw new InvalidError(kind, name, [{
      field: "metadata.resourceVersion",
      reason: "FieldValueInvalid",
      message: "Invalid value: 0: must be specified for an update",
    }]);
  }
  if (asked.resourceVersion !== resourceVersion) throw new ConflictError(kind, name);
}

function checkFinalizers(kind: KindFacts, old: AnyObject, next: JsonObject): void {
  const { deletionTimestamp, finalizers: before = [], name } = old.metadata;
  const { finalizers } = metadataOf(next);
  if (deletionTimestamp === undefined || !Array.isArray(finalizers)) return;
  const added = finalizers.filter((one) => !before.includes(one));
  if (added.length === 0) return;
  throw new InvalidError(kind, name, [{
    field: "metadata.finalizers",
    reason: "FieldValueForbidden",
    message: "Forbidden: no new finalizers can be added if the object is being deleted, " +
      `found new finalizers ${JSON.stringify(added)}`,
  }]);
}

/** A Secret's text goes into its data, as base64. */
function textToData(kind: KindFacts, object: JsonObject): JsonObject {
  const { stringData, ...rest } = object;
  if (kind.kind !== "Secret" || !isObject(stringData)) return object;
  const encoded = Object.entries(stringData)
    .map(([key, text]) => [key, new TextEncoder().encode(String(text)).toBase64()]);
  const data = isObject(rest.data) ? rest.data : {};
  return { ...rest, data: { ...data, ...Object.fromEntries(encoded) } };
}

function suffixOf(uid: string): string {
  const random = uid.replaceAll("-", "");
  return Array.from({ length: SUFFIX_LENGTH }, (_, index) => {
    const byte = parseInt(random.slice(index * 2, index * 2 + 2), 16);
    return SUFFIX_LETTERS[byte % SUFFIX_LETTERS.length];
  }).join("");
}

/** Metadata was checked by {@linkcode validate}, or came from an object that was. */
function stored(object: JsonObject): AnyObject {
  return object as unknown as AnyObject;
}
