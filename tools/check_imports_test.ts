import assert from "node:assert/strict";
import { dirname } from "node:path";
import { checkImports } from "./check_imports.ts";

const SOUND: Readonly<Record<string, string>> = {
  "proto/mod.ts": "export type Value = string;\n",
  "lib/mod.ts": 'export { pure } from "./codec/pure.ts";\n',
  "lib/codec/pure.ts": [
    'import type { Value } from "@sample/proto";',
    "/** Needs no Deno and no fetch(). */",
    'export const pure: Value = "Deno.open";\n',
  ].join("\n"),
  "drivers/mod.ts": 'export { pure } from "@sample/lib";\n',
  "exporter/mod.ts": 'export { pure } from "@sample/drivers";\n',
  "controller/mod.ts": 'export { pure } from "@sample/lib";\n',
  "cli/mod.ts": 'export const later = () => import("@sample/exporter");\n',
  "cli/mod_test.ts": 'import "../proto/mod.ts";\n',
  "examples/demo.ts": 'import "@sample/lib";\n',
  "docs/guide.md": '# Guide\n\n```ts\nimport { pure } from "@sample/lib";\n```\n' +
    '```ts\n// fan.ts\n```\n```ts\nimport { Fan } from "./fan.ts";\n```\n',
};

/** Writes `SOUND` with `changes` over it to a temporary folder, and checks that. */
async function faultsWith(changes: Readonly<Record<string, string>>): Promise<string[]> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    const packages = ["proto", "lib", "drivers", "exporter", "controller", "cli"];
    const files: Record<string, string> = { ...SOUND, ...changes };
    files["deno.json"] = JSON.stringify({ workspace: packages.map((name) => `./${name}`) });
    for (const name of packages) {
      const config = { name: `@sample/${name}`, version: "0.0.0", exports: "./mod.ts" };
      files[`${name}/deno.json`] = JSON.stringify(config);
    }
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${root}/${dirname(path)}`, { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    return await checkImports(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a sound tree has no faults, and tests may import anything", async () => {
  assert.deepEqual(await faultsWith({}), []);
});

/** What is changed in the sound tree, and what the only fault must then say. */
const FAULTS: Readonly<Record<string, { change: Record<string, string>; says: RegExp }>> = {
  "an arrow up": {
    change: { "lib/up.ts": 'export * from "@sample/drivers";\n' },
    says: /^lib\/up\.ts:1: "@sample\/drivers" points the wrong way: lib may import proto$/,
  },
  "an arrow up that is loaded lazily": {
    change: { "lib/up.ts": '\nexport const up = () => import("@sample/cli");\n' },
    says: /^lib\/up\.ts:2: "@sample\/cli" points the wrong way/,
  },
  "an arrow up that carries types only": {
    change: { "drivers/up.ts": 'export type Up = typeof import("@sample/exporter");\n' },
    says: /^drivers\/up\.ts:1: "@sample\/exporter" points the wrong way/,
  },
  "an exporter that imports the controller": {
    change: { "exporter/side.ts": 'import "@sample/controller";\n' },
    says: /exporter may import drivers, lib, proto$/,
  },
  "a controller that imports drivers": {
    change: { "controller/side.ts": 'import "@sample/drivers";\n' },
    says: /controller may import lib, proto$/,
  },
  "a package that is imported by path": {
    change: { "lib/path.ts": 'import "../proto/mod.ts";\n' },
    says: /^lib\/path\.ts:1: ".*" is another package; import it by name$/,
  },
  "a package that imports itself by name": {
    change: { "lib/self.ts": 'import "@sample/lib";\n' },
    says: /is its own package; import it by relative path$/,
  },
  "a circle of which one arrow carries types only": {
    change: {
      "lib/a.ts": 'import "./b.ts";\nexport interface A {}\n',
      "lib/b.ts": 'import type { A } from "./a.ts";\nexport type B = A;\n',
    },
    says: /^lib\/a\.ts: circle: lib\/a\.ts -> lib\/b\.ts -> lib\/a\.ts$/,
  },
  "an example that reaches into a package": {
    change: { "examples/demo.ts": 'import "../lib/mod.ts";\n' },
    says: /^examples\/demo\.ts:1: .*import a public package by name$/,
  },
  "a page that shows a path": {
    change: { "docs/guide.md": '```ts\nimport {\n  pure,\n} from "../lib/mod.ts";\n```\n' },
    says: /^docs\/guide\.md: "\.\.\/lib\/mod\.ts" is a path/,
  },
  "a pure module with a node: import": {
    change: { "lib/codec/pure.ts": 'import "node:net";\nexport const pure = "";\n' },
    says: /^lib\/codec\/pure\.ts:1: "node:net" is not for a pure module/,
  },
  "a pure module with the Deno API": {
    change: { "lib/codec/pure.ts": "export const pure: string = Deno.cwd();\n" },
    says: /^lib\/codec\/pure\.ts: uses Deno, which is not for a pure module$/,
  },
  "a pure module with its own clock": {
    change: { "lib/lease/due.ts": "export const due = (at: number) => at < Date.now();\n" },
    says: /^lib\/lease\/due\.ts: uses Date\.now/,
  },
  "a file of 501 lines, tests included": {
    change: { "tests/long_test.ts": "//\n".repeat(501) },
    says: /^tests\/long_test\.ts: 501 lines, more than 500/,
  },
  "an import of a file that is not there": {
    change: { "lib/lost.ts": 'import "./nowhere.ts";\n' },
    says: /^lib\/nowhere\.ts: Module not found/,
  },
};

for (const [name, { change, says }] of Object.entries(FAULTS)) {
  Deno.test(`the import check finds ${name}`, async () => {
    const faults = await faultsWith(change);
    assert.equal(faults.length, 1, faults.join("\n"));
    assert.match(faults[0] ?? "", says);
  });
}

Deno.test("generated code may be long", async () => {
  assert.deepEqual(await faultsWith({ "proto/gen/long.ts": "//\n".repeat(501) }), []);
});
