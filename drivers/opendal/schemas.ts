import * as v from "valibot";

/** A text. */
export const text = v.string();

/** A whole number; one that is written as text will do, as with the Python driver. */
export const integer = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^[+-]?\d+$/))], "is no whole number"),
  v.transform(Number),
  v.safeInteger("is no whole number"),
);

/** How a file is opened. */
export const mode = v.picklist(["rb", "wb"]);

/** A hash function. */
export const algorithm = v.picklist(["md5", "sha256"]);
