import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import root from "../../../deno.json" with { type: "json" };
import drivers from "../../../drivers/deno.json" with { type: "json" };
import exporter from "../../../exporter/deno.json" with { type: "json" };
import lib from "../../../lib/deno.json" with { type: "json" };
import { runningClone, settings } from "./packages.ts";

Deno.test("a new driver takes our packages in our versions, and the schemas that our drivers take", () => {
  const { imports } = JSON.parse(settings(undefined));
  for (const { name, version } of [drivers, exporter, lib]) {
    assert.equal(imports[name], `jsr:${name}@^${version}`);
  }
  assert.equal(imports.valibot, root.imports.valibot);
});

Deno.test("a new driver links the clone that made it, if one did", () => {
  assert.equal(JSON.parse(settings(undefined)).links, undefined);
  assert.deepEqual(JSON.parse(settings("/clone")).links, ["/clone"]);
  assert.equal(`${runningClone()}/`, fileURLToPath(new URL("../../../", import.meta.url)));
});
