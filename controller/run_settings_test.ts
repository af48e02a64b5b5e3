import * as assert from "node:assert/strict";
import { changedKeys, runSettings } from "./run_settings.ts";

Deno.test("flags win over the file, the file over the environment, and that over defaults", () => {
  const none = runSettings({});
  assert.deepEqual([none.listen.port, none.namespace, none.loginListen], [
    8082,
    "default",
    undefined,
  ]);
  const certificate = { cert: "e.pem", key: "e.key" };
  const environment = { namespace: "e", loginEndpoint: "e", loginListen: ":1", certificate };
  const file = { namespace: "f", loginEndpoint: "f", listen: "f:2" };
  const settings = runSettings({ namespace: "flag", host: undefined }, file, environment);
  assert.equal(settings.namespace, "flag");
  assert.equal(settings.loginEndpoint, "f");
  assert.equal(settings.loginListen?.port, 1);
  assert.equal(settings.host, "f");
  assert.deepEqual(settings.certificate, certificate);
  const flags = { cert: "c.pem", key: "c.key", legacyTokens: false };
  const { certificate: given, legacyTokens } = runSettings(
    flags,
    { legacyTokens: true },
    environment,
  );
  assert.deepEqual([given, legacyTokens], [{ cert: "c.pem", key: "c.key" }, true]);
  assert.equal(runSettings({ routerListen: "none" }).routerListen, undefined);
});

Deno.test("a host is where the endpoint is, and another one stronger than its endpoint", () => {
  const environment = { endpoint: "grpc.lab:443", routerEndpoint: "router.lab:443" };
  const said = runSettings({}, {}, environment);
  assert.deepEqual([said.host, said.endpoint], ["grpc.lab", "grpc.lab:443"]);
  const { host, endpoint, routerEndpoint } = runSettings({ host: "10.0.0.7" }, {}, environment);
  assert.deepEqual([host, endpoint, routerEndpoint], ["10.0.0.7", undefined, undefined]);
});

Deno.test("flags that cannot be used are named", () => {
  const bad: [Parameters<typeof runSettings>[0], RegExp][] = [
    [{ listen: "x" }, /^--listen: "x" is no HOST:PORT/],
    [{ metricsListen: "x" }, /^--metrics-listen: /],
    [{ endpoint: "lab" }, /^--endpoint: "lab" is no HOST:PORT; write for example lab\.example/],
    [{ routerEndpoint: "lab:0" }, /^--router-endpoint: /],
    [{ host: "a:b" }, /^--host: /],
    [{ namespace: "My lab" }, /^--namespace: "My lab" is no name of a namespace: /],
    [{ cert: "a" }, /^--cert and --key go together/],
    [{ ca: "a" }, /^--cert and --key go together/],
  ];
  for (const [flags, message] of bad) {
    assert.throws(() => runSettings(flags), { name: "UsageError", message });
  }
});

Deno.test("what takes a restart is known by its keys", () => {
  const certificate = { cert: "a", key: "b" };
  assert.equal(
    changedKeys({ listen: "a:1", certificate }, { listen: "a:1", certificate }),
    undefined,
  );
  assert.equal(
    changedKeys({ listen: "a:1" }, { host: "b", certificate }),
    "listen, host, certificate",
  );
});
