/** What becomes of fields that a kind does not have. */
import { isObject, type JsonObject, type KindFacts, mergePatch, shape } from "../store/mod.ts";
import { ApiError } from "./api_error.ts";

const METADATA = [
  "annotations",
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generateName",
  "generation",
  "labels",
  "managedFields",
  "name",
  "namespace",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** What to do with the names of unknown fields: what is returned is told as warnings. */
const VALIDATION: Readonly<
  Record<string, (kind: KindFacts, unknown: readonly string[]) => string[]>
> = {
  Ignore: () => [],
  Warn: (_kind, unknown) => unknown.map(fieldText),
  Strict({ kind, version }, unknown) {
    if (unknown.length === 0) return [];
    throw new ApiError(
      "BadRequest",
      `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ` +
        unknown.map(fieldText).join(", "),
    );
  },
};

/**
 * Looks for unknown fields in an object, or in a merge patch of one, and returns what to warn of;
 * throws an {@linkcode ApiError} when `fieldValidation` is strict.
 */
export function checkFields(kind: KindFacts, body: JsonObject, query: URLSearchParams): string[] {
  const asked = query.get("fieldValidation") || "Warn";
  const validate = Object.hasOwn(VALIDATION, asked) ? VALIDATION[asked] : undefined;
  if (validate === undefined) {
    const known = Object.keys(VALIDATION).join(", ");
    throw new ApiError(
      "BadRequest",
      `fieldValidation: Unsupported value: "${asked}": supported values: ${known}`,
    );
  }
  // A null of a patch takes a field away: it need not be one that there is.
  const { unknown } = shape(kind, mergePatch({}, body));
  const metadata = isObject(body.metadata) ? Object.keys(body.metadata) : [];
  const strange = metadata.filter((key) => !METADATA.includes(key));
  return validate(kind, [...strange.map((key) => `metadata.${key}`), ...unknown]);
}

function fieldText(field: string): string {
  return `unknown field "${field}"`;
}
