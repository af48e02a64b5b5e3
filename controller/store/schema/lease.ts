import { isObject, type JsonObject } from "../merge_patch.ts";
import { CONDITIONS, duration, FLAG, reference, selector, TIME, whole } from "./common.ts";
import { map, object, type Rule, type Schema, text } from "./schema.ts";

const MAX_TAGS = 10;
const MAX_CONTEXT = 8;
const MAX_CONTEXT_KEY = 32;
const MAX_CONTEXT_VALUE = 64;

/** A member that is an object; empty when it is absent. */
function member(value: unknown, name: string): JsonObject {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

function isNonEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

/** How many characters a text has; CEL counts code points. */
function lengthOf(text: string): number {
  return [...text].length;
}

const HAS_TARGET: Rule = {
  rule: "((has(self.selector.matchLabels) && size(self.selector.matchLabels) > 0) || " +
    "(has(self.selector.matchExpressions) && size(self.selector.matchExpressions) > 0)) || " +
    "(has(self.exporterRef) && has(self.exporterRef.name) && size(self.exporterRef.name) > 0)",
  message: "one of selector or exporterRef.name is required",
  holds: (self) => {
    const { matchLabels, matchExpressions } = member(self, "selector");
    const { name } = member(self, "exporterRef");
    return isNonEmpty(matchLabels) || isNonEmpty(matchExpressions) ||
      (typeof name === "string" && name !== "");
  },
};

/** Once there, it cannot change or vanish; none may become some. */
function setOnce(name: string): Rule {
  return {
    rule: `!has(oldSelf.${name}) || size(oldSelf.${name}) == 0 || ` +
      `(has(self.${name}) && self.${name} == oldSelf.${name})`,
    message: `${name} are immutable after creation`.replace("context are", "context is"),
    onUpdate: true,
    holds: (self, old) => {
      const [now, before] = [member(self, name), member(old, name)];
      const keys = Object.keys(before);
      return keys.length === 0 || (Object.keys(now).length === keys.length &&
        keys.every((key) => Object.hasOwn(now, key) && now[key] === before[key]));
    },
  };
}

const CONTEXT_FITS: Rule = {
  rule: "!has(self.context) || self.context.all(k, " +
    `size(k) <= ${MAX_CONTEXT_KEY} && size(self.context[k]) <= ${MAX_CONTEXT_VALUE})`,
  message: `context keys max ${MAX_CONTEXT_KEY} chars, values max ${MAX_CONTEXT_VALUE} chars`,
  holds: (self) =>
    Object.entries(member(self, "context")).every(([key, value]) =>
      lengthOf(key) <= MAX_CONTEXT_KEY && lengthOf(String(value)) <= MAX_CONTEXT_VALUE
    ),
};

/** What a Lease looks like. */
export const LEASE: Schema = whole(
  "A client's claim on an exporter.",
  object({
    allowDisabled: { ...FLAG, description: "Whether the exporter named may be a disabled one." },
    beginTime: { ...TIME, description: "From when." },
    clientRef: reference("Who asks."),
    context: map(text(), {
      maxProperties: MAX_CONTEXT,
      description: "What hooks are told; set once.",
    }),
    duration: duration("For how long."),
    endTime: { ...TIME, description: "Until when." },
    exporterRef: reference("The one exporter that will do."),
    release: { ...FLAG, description: "Asks for the end of the lease." },
    selector: selector("Which exporters will do.", { default: {} }),
    tags: map(text(), { maxProperties: MAX_TAGS, description: "The client's notes; set once." }),
  }, {
    required: ["clientRef", "selector"],
    "x-kubernetes-validations": [HAS_TARGET, setOnce("tags"), setOnce("context"), CONTEXT_FITS],
  }),
  object({
    beginTime: { ...TIME, description: "When an exporter was given." },
    conditions: CONDITIONS,
    endTime: { ...TIME, description: "When it was over." },
    ended: { ...FLAG, description: "Whether it is over." },
    exporterRef: reference("The exporter given; stays after the end."),
    priority: { type: "integer", description: "The priority of the policy that granted it." },
    spotAccess: { ...FLAG, description: "Whether it lasts only while nobody else wants it." },
  }, { required: ["ended"] }),
  ["spec"],
);
