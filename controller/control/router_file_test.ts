import * as assert from "node:assert/strict";
import { formatRouterFile, parseRouterFile } from "./mod.ts";

const FILE = {
  endpoint: "far:8083",
  listen: "0.0.0.0:8083",
  controller: "lab:8082",
  key: "secret",
  tls: { ca: "-----BEGIN\nA\n", cert: "B\n", key: "C\n" },
};

Deno.test("a router's file reads back as it was written", () => {
  assert.deepEqual(parseRouterFile(formatRouterFile(FILE)), FILE);
});

Deno.test("a router's file that is wrong is refused by key, without its secrets", () => {
  const text = formatRouterFile(FILE);
  const bad: [text: string, message: RegExp][] = [
    ["a: [", /^it is not YAML/],
    [text.replace("RouterConfig", "ClientConfig"), /^kind must be RouterConfig/],
    [text.replace(/^key: .*$/m, ""), /^key is missing/],
    [text.replace(/^controller/m, "controler"), /did you mean "controller"/],
    [text.replace(/^tls:[^]*$/m, ""), /^tls is missing/],
  ];
  for (const [text, message] of bad) {
    assert.throws(() => parseRouterFile(text), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.match(error.message, message);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
  }
});
