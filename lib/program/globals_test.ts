import assert from "node:assert/strict";
import { flag } from "../commands/mod.ts";
import { readGlobals } from "./globals.ts";
import { logOptions } from "./log_options.ts";

const options = { ...logOptions, loud: flag("be loud") };

for (
  const [line, given, rest] of [
    ["run --log-level DEBUG", {}, ["run", "--log-level", "DEBUG"]],
    ["--log-level DEBUG run", { logLevel: ["--log-level", "DEBUG"] }, ["run"]],
    ["--log-level=DEBUG --loud run", {
      logLevel: ["--log-level=DEBUG"],
      loud: ["--loud"],
    }, ["run"]],
    ["--log-level INFO --log-level=ERROR", { logLevel: ["--log-level=ERROR"] }, []],
    ["--help", {}, ["--help"]],
  ] as const
) {
  Deno.test(`"jmp ${line}" has ${Object.keys(given).length} options before its command`, () => {
    assert.deepEqual(readGlobals(options, line.split(" ")), { given, rest });
  });
}

for (
  const [line, message] of [
    ["--log-level", /^--log-level takes a value$/],
    ["--log-level debug run", /^--log-level: "debug" is not one of DEBUG, INFO, /],
    ["--log-format=xml run", /^--log-format: "xml" is not one of auto, json, text$/],
  ] as const
) {
  Deno.test(`"jmp ${line}" is a slip in the command line`, () => {
    assert.throws(() => readGlobals(options, line.split(" ")), { name: "UsageError", message });
  });
}
