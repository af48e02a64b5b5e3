import assert from "node:assert/strict";
import { complaintsOf, entryPoints } from "./doc_lint.ts";

const said = (...complaints: string[]) =>
  [...complaints, "error: Found 3 documentation lint errors.\n"].join("\n\n");
const missing = (source: string) =>
  "error[missing-jsdoc]: exported symbol is missing JSDoc documentation\n" +
  ` --> lib/frame.ts:5:3\n  | \n5 |   ${source}\n  |   ^\n`;

Deno.test("a field without a comment counts, and stands alone in its complaint", () => {
  assert.deepEqual(complaintsOf(said(missing("payload: Uint8Array;"))), [
    missing("payload: Uint8Array;").trimEnd(),
  ]);
});

Deno.test("constructors and methods of well-known symbols need no comment", () => {
  const sources = [
    "constructor(path: string) {",
    "new (context: Context): Driver;",
    "async [Symbol.asyncDispose](): Promise<void> {",
  ];
  assert.deepEqual(complaintsOf(said(...sources.map(missing))), []);
});

Deno.test("a private type in a constructor counts", () => {
  const complaint = missing("constructor(hidden: Hidden) {")
    .replace("missing-jsdoc", "private-type-ref");
  assert.equal(complaintsOf(said(complaint)).length, 1);
});

Deno.test("the entry points of this workspace are files that its packages export", async () => {
  const entries = await entryPoints(new URL("../", import.meta.url));
  assert.ok(entries.includes("./proto/mod.ts"), entries.join(" "));
  assert.ok(entries.includes("./lib/codec/mod.ts"), entries.join(" "));
});
