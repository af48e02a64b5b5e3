/** Every rule that objects are checked against, in one place: schemas, CEL rules, metadata. */
import { BadRequestError, type FieldCause, InvalidError } from "./errors.ts";
import { apiVersionOf, type KindFacts } from "./kinds.ts";
import { isObject, type JsonObject } from "./merge_patch.ts";
import { checkMetadata } from "./metadata.ts";
import type { Plural } from "./objects.ts";
import { checkRules, checkSchema, invalid } from "./schema/check.ts";
import { CLIENT } from "./schema/client.ts";
import { checkData } from "./schema/data.ts";
import { CONFIG_MAP, EVENT, SECRET } from "./schema/core.ts";
import { EXPORTER } from "./schema/exporter.ts";
import { LEASE } from "./schema/lease.ts";
import { POLICY } from "./schema/policy.ts";
import { prune } from "./schema/prune.ts";
import type { Schema } from "./schema/schema.ts";

/** What the objects of every collection look like, as OpenAPI serves it. */
export const SCHEMAS: Readonly<Record<Plural, Schema>> = {
  clients: CLIENT,
  exporters: EXPORTER,
  leases: LEASE,
  exporteraccesspolicies: POLICY,
  secrets: SECRET,
  configmaps: CONFIG_MAP,
  events: EVENT,
};

/**
 * Copies an object as its kind knows it: without unknown members and nulls, with defaults. `unknown`
 * names what was dropped, such as `spec.durration`, for those who are strict about it.
 */
export function shape(kind: KindFacts, input: unknown): { object: JsonObject; unknown: string[] } {
  const unknown: string[] = [];
  const pruned = prune(SCHEMAS[kind.plural], isObject(input) ? input : {}, unknown);
  return { object: isObject(pruned) ? pruned : {}, unknown };
}

/**
 * Names every fault of an object that was brought into shape; `old` is what is stored already, for
 * the rules about changes. As the API server does, it leaves rules out while a value is not what rules
 * expect.
 */
export function faultsOf(kind: KindFacts, object: JsonObject, old?: JsonObject): FieldCause[] {
  const { metadata, ...rest } = object;
  const schema = SCHEMAS[kind.plural];
  const broken = [
    ...checkHead(kind, object),
    ...checkMetadata(isObject(metadata) ? metadata : {}),
    ...checkSchema(schema, rest),
  ];
  if (broken.some(({ reason }) => reason !== "FieldValueInvalid")) return broken;
  return [
    ...broken,
    ...checkRules(schema, rest, old),
    ...(kind.group === "" ? checkData(kind, object, old) : []),
  ];
}

/** Throws {@linkcode InvalidError} when an object that was brought into shape has a fault. */
export function validate(kind: KindFacts, object: JsonObject, old?: JsonObject): void {
  const causes = faultsOf(kind, object, old);
  if (causes.length === 0) return;
  const name = isObject(object.metadata) ? object.metadata.name : undefined;
  throw new InvalidError(kind, typeof name === "string" ? name : "", causes);
}

function checkHead(kind: KindFacts, object: JsonObject): FieldCause[] {
  const version = apiVersionOf(kind);
  if (object.apiVersion !== version) {
    throw new BadRequestError(
      `the API version in the data (${object.apiVersion}) does not match the expected API version ` +
        `(${version})`,
    );
  }
  if (object.kind === kind.kind) return [];
  return [{ field: "kind", ...invalid(JSON.stringify(object.kind), `must be ${kind.kind}`) }];
}
