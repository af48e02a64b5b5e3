// Made from jumpstarter/v1/kubernetes.proto by `deno task proto`; do not edit.
import type { Codec } from "../codec.ts";
import { field, map, message, optional, repeated } from "../message.ts";

/** One condition of a label selector. */
export interface LabelSelectorRequirement {
  /** The label that is looked at. */
  key: string;
  /** In, NotIn, Exists or DoesNotExist. */
  operator: string;
  /** Used with In and NotIn only. */
  values: string[];
}
/** One condition of a label selector. */
export const LabelSelectorRequirement: Codec<LabelSelectorRequirement> = message(
  "jumpstarter.v1.LabelSelectorRequirement",
  () => [
    field(1, "key", "string"),
    field(2, "operator", "string"),
    repeated(3, "values", "string"),
  ],
);

/** Chooses exporters by their labels; every part must hold. */
export interface LabelSelector {
  /** Conditions with an operator. */
  matchExpressions: LabelSelectorRequirement[];
  /** Labels that must have exactly these values. */
  matchLabels: Record<string, string>;
}
/** Chooses exporters by their labels; every part must hold. */
export const LabelSelector: Codec<LabelSelector> = message("jumpstarter.v1.LabelSelector", () => [
  repeated(1, "matchExpressions", LabelSelectorRequirement),
  map(2, "matchLabels", "string"),
]);

/** A point in time whose parts may be absent; otherwise laid out as a Timestamp. */
export interface Time {
  /** Seconds since 1970-01-01 UTC. */
  seconds?: number;
  /** Nanoseconds within the second. */
  nanos?: number;
}
/** A point in time whose parts may be absent; otherwise laid out as a Timestamp. */
export const Time: Codec<Time> = message("jumpstarter.v1.Time", () => [
  optional(1, "seconds", "int64"),
  optional(2, "nanos", "int32"),
]);

/** One observed fact about a lease, such as Ready or Pending. */
export interface Condition {
  /** The fact's name. */
  type?: string;
  /** True, False or Unknown. */
  status?: string;
  /** Generation of the object that was looked at. */
  observedGeneration?: number;
  /** When the status last changed. */
  lastTransitionTime?: Time;
  /** One word, for programs. */
  reason?: string;
  /** A sentence, for people. */
  message?: string;
}
/** One observed fact about a lease, such as Ready or Pending. */
export const Condition: Codec<Condition> = message("jumpstarter.v1.Condition", () => [
  optional(1, "type", "string"),
  optional(2, "status", "string"),
  optional(3, "observedGeneration", "int64"),
  optional(4, "lastTransitionTime", Time),
  optional(5, "reason", "string"),
  optional(6, "message", "string"),
]);
