/** Schemas of the kinds of the core group. */
import { FLAG, TIME } from "./common.ts";
import { map, object, type Schema, text } from "./schema.ts";

const ANY_HEAD = {
  apiVersion: text("The version of the object's shape."),
  kind: text("The kind of object."),
  metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
} as const;

const HEAD = {
  ...ANY_HEAD,
  immutable: { ...FLAG, description: "Whether the data can no longer change." },
} as const;

const BYTES: Schema = { type: "string", format: "byte" };

/** What a Secret looks like. */
export const SECRET: Schema = object({
  ...HEAD,
  data: map(BYTES, { description: "The bytes in base64." }),
  stringData: map(text(), { description: "Text to put into data; never read back." }),
  type: text("What it is for.", { default: "Opaque" }),
}, { description: "Bytes that not everybody may see." });

/** What a ConfigMap looks like. */
export const CONFIG_MAP: Schema = object({
  ...HEAD,
  binaryData: map(BYTES, { description: "Bytes in base64." }),
  data: map(text(), { description: "The text." }),
}, { description: "Text that everybody may see." });

/** What an Event looks like. */
export const EVENT: Schema = object({
  ...ANY_HEAD,
  involvedObject: object({
    apiVersion: text("The version of its shape."),
    kind: text("Its kind."),
    namespace: text("Its namespace."),
    name: text("Its name."),
    uid: text("Its uid."),
  }, { description: "What it happened to." }),
  type: text("How bad it is.", { enum: ["Normal", "Warning"] }),
  reason: text("Why, as one word.", { maxLength: 128 }),
  message: text("What happened, as a sentence.", { maxLength: 1024 }),
  source: object({ component: text("A part of a program.") }, { description: "Who tells it." }),
  firstTimestamp: { ...TIME, description: "When it happened first." },
  lastTimestamp: { ...TIME, description: "When it happened last." },
  count: { type: "integer", format: "int64", minimum: 0, description: "How often it happened." },
}, { description: "Something that happened to an object.", required: ["involvedObject"] });
