import * as v from "valibot";

/** A text. */
export const text = v.string();

const NUMBER = "is no whole number";

/** A whole number; what the Python driver takes for one will do: `"2"`, `" 2.0 "`, `"1_000"`, `true`. */
export const integer = v.pipe(
  v.union([
    v.number(),
    v.boolean(),
    v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^[+-]?\d+(_\d+)*(\.0+)?$/),
      v.transform((text) => text.replaceAll("_", "")),
    ),
  ], NUMBER),
  v.transform(Number),
  v.safeInteger(NUMBER),
);

/** How a file is opened. */
export const mode = v.picklist(["rb", "wb"]);

/** A hash function. */
export const algorithm = v.picklist(["md5", "sha256"]);
