import assert from "node:assert/strict";
import { versionLine } from "./medium.ts";

/** The beginning of an image, and its version line. */
const images: [string, string, string | undefined][] = [
  ["a header", "HEADER\nVERSION=1.0.0\nVERSION=2\n", "VERSION=1.0.0"],
  ["the first line", "VERSION=1", "VERSION=1"],
  ["a line that ends as on Windows", "A\r\nVERSION=1 beta\r\nB", "VERSION=1 beta"],
  ["bytes that are no text", "\xff\0\nVERSION=1\0\xff", "VERSION=1"],
  ["a version within a line", "MY_VERSION=1\n", undefined],
  ["an empty version", "VERSION=\n", undefined],
  ["no version", "nothing here", undefined],
  ["a version after 4 KiB", `${"x".repeat(4096)}\nVERSION=1\n`, undefined],
  ["nothing", "", undefined],
];

for (const [name, text, version] of images) {
  Deno.test(`the version line of ${name} is ${version ?? "not there"}`, () => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    assert.equal(versionLine(bytes), version);
  });
}
