import * as assert from "node:assert/strict";
import { formatRouterFile, parseRouterFile } from "./mod.ts";

const FILE = {
  endpoint: "far:8083",
  listen: "0.0.0.0:8083",
  controller: "lab:8082",
  key: "secret",
  tls: { ca: "-----BEGIN\nA\n", cert: "B\n", key: "C\n" },
};

Deno.test("a router's file reads back as it was written", async () => {
  assert.deepEqual(await parseRouterFile("far.yaml", formatRouterFile(FILE)), FILE);
});

Deno.test("a router's file that is wrong is refused by key, without its secrets", async () => {
  const text = formatRouterFile(FILE);
  const bad: [text: string, message: RegExp][] = [
    ["a: [", /^far\.yaml:1:\d: a "\[" before this is not closed/],
    [text.replace("RouterConfig", "ClientConfig"), /^far\.yaml:2: kind must be RouterConfig/],
    [text.replace(/^key: .*$/m, ""), /^far\.yaml:1: key is missing/],
    [text.replace(/^controller/m, "controler"), /^far\.yaml:5: .*Did you mean "controller"/],
    [text.replace(/^tls:[^]*$/m, ""), /^far\.yaml:1: tls is missing/],
  ];
  for (const [text, message] of bad) {
    await assert.rejects(parseRouterFile("far.yaml", text), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.match(error.message, message);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  }
});
