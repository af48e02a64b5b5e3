import assert from "node:assert/strict";

/** What a test runner has written of its tests: the titles of those that passed, and that failed. */
export interface Outcome {
  passed: string[];
  failed: string[];
}

/** Reads a file of JUnit's XML; a test that was left out is neither, and must not be there. */
export async function readJunit(file: string): Promise<Outcome> {
  const outcome: Outcome = { passed: [], failed: [] };
  const xml = await Deno.readTextFile(file);
  for (const [, attributes, rest] of xml.matchAll(/<testcase([^>]*?)(\/>|>[^]*?<\/testcase>)/g)) {
    const title = unescape(/ name="([^"]*)"/.exec(attributes!)![1]!);
    assert.doesNotMatch(rest!, /<skipped/, title);
    (/<(failure|error)\b/.test(rest!) ? outcome.failed : outcome.passed).push(title);
  }
  return outcome;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

function unescape(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (_, hex, decimal, name) =>
      hex !== undefined || decimal !== undefined
        ? String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16))
        : ENTITIES[name]!,
  );
}
