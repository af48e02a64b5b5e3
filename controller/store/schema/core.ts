/** Schemas of the kinds of the core group. */
import { FLAG } from "./common.ts";
import { map, object, type Schema, text } from "./schema.ts";

const HEAD = {
  apiVersion: text("The version of the object's shape."),
  kind: text("The kind of object."),
  metadata: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
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
