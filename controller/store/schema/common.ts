/** Schemas that several kinds share. */
import { GO_DURATION_PATTERN } from "@jumpstarter/lib/lease";
import { array, map, object, type Schema, text } from "./schema.ts";

/** A moment. */
export const TIME: Schema = { type: "string", format: "date-time" };

/** A switch. */
export const FLAG: Schema = { type: "boolean" };

/**
 * A duration as Go writes it, such as `1h30m0s`. The pattern is ours: a cluster takes any text there,
 * and the controller fails on it later.
 */
export function duration(description: string): Schema {
  return text(description, { pattern: GO_DURATION_PATTERN });
}

/** The name of another object, empty unless given. */
export function reference(description: string): Schema {
  return object({ name: text(undefined, { default: "" }) }, {
    description,
    "x-kubernetes-map-type": "atomic",
  });
}

const QUALIFIED = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])";
const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** What is observed about an object. */
export const CONDITIONS: Schema = array(
  object({
    lastTransitionTime: { ...TIME, description: "When the status last changed." },
    message: text("Why, as a sentence.", { maxLength: 32768 }),
    observedGeneration: {
      type: "integer",
      format: "int64",
      minimum: 0,
      description: "The generation that was looked at.",
    },
    reason: text("Why, as one word.", {
      minLength: 1,
      maxLength: 1024,
      pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
    }),
    status: text("Whether it holds.", { enum: ["True", "False", "Unknown"] }),
    type: text("What is observed.", {
      maxLength: 316,
      pattern: `^(${LABEL}(\\.${LABEL})*/)?${QUALIFIED}$`,
    }),
  }, { required: ["lastTransitionTime", "message", "reason", "status", "type"] }),
  { description: "What is observed, in order of first appearance." },
);

/** Selects objects by labels. */
export function selector(description: string, more: Pick<Schema, "default"> = {}): Schema {
  return object({
    matchLabels: map(text(), { description: "Labels that must be equal." }),
    matchExpressions: array(
      object({
        key: text("The label's key."),
        operator: text("In, NotIn, Exists or DoesNotExist."),
        values: array(text(), { description: "The values, for In and NotIn." }),
      }, { required: ["key", "operator"] }),
      { description: "Further terms." },
    ),
  }, { description, "x-kubernetes-map-type": "atomic", ...more });
}

/** Makes the schema of a whole object; metadata is checked apart. */
export function whole(
  description: string,
  spec: Schema,
  status: Schema,
  required: readonly string[] = [],
): Schema {
  return object({
    apiVersion: text("The version of the object's shape."),
    kind: text("The kind of object."),
    metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    spec,
    status,
  }, { description, ...(required.length === 0 ? {} : { required }) });
}
